import * as z from 'zod'
import { type Statement, statementSchema } from './iam.ts'
import { ofType, pathOf, type Resource, readable, type Template, target } from './template.ts'

/** A role of the template with all that decides what it may do. */
export interface Role {
  /** `Sender/FunctionRole` */
  readonly path: string
  readonly statements: readonly Statement[]
}

const documentSchema = z.looseObject({ Statement: z.array(statementSchema) })
const roleSchema = z.looseObject({
  Policies: z.array(z.looseObject({ PolicyDocument: documentSchema })).default([]),
  ManagedPolicyArns: z.array(z.unknown()).default([]),
})
const attachedSchema = z.looseObject({ PolicyDocument: documentSchema, Roles: z.array(z.unknown()).default([]) })

/** Every role that there is, whoever made it: found, not listed. */
export function rolesOf(template: Template): readonly Role[] {
  const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap(type =>
    ofType(template, type, attachedSchema),
  )
  return ofType(template, 'AWS::IAM::Role', roleSchema).map(({ logicalId, path, properties }) => {
    const own = attached.filter(policy => policy.properties.Roles.map(target).includes(logicalId))
    const foreign = properties.ManagedPolicyArns.filter(
      arn => !attached.some(policy => policy.logicalId === target(arn)),
    )
    const written = [...properties.Policies, ...own.map(policy => policy.properties)]
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .map(statement => asText(template, statement))
    return {
      path,
      statements: [...written, ...foreign.map(() => anything), ...fromResources(template, logicalId)],
    }
  })
}

/** What a policy of AWS's own allows is not in the template, so the worst is taken. */
const anything: Statement = { Effect: 'Allow', Action: ['*'], Resource: ['*'] }

function asText(template: Template, { Resource, NotResource, ...rest }: z.output<typeof statementSchema>): Statement {
  const texts = (values: readonly unknown[] | undefined) => values?.map(value => readable(template, value))
  return { ...rest, Resource: texts(Resource), NotResource: texts(NotResource) }
}

/** What the policies of queues, topics, buckets and keys say of a role. A resource's word is enough for IAM, as it is one account. */
function fromResources(template: Template, roleId: string): readonly Statement[] {
  return Object.values(template.Resources).flatMap(resource => {
    const document = resource.Properties['KeyPolicy'] ?? resource.Properties['PolicyDocument']
    if (document === undefined) return []
    return documentSchema
      .parse(document)
      .Statement.filter(({ Principal }) => Principal !== undefined && names(Principal, roleId))
      .map(statement => ofItself(resource, asText(template, statement)))
  })
}

const principalSchema = z.looseObject({ AWS: z.union([z.array(z.unknown()), z.unknown().transform(it => [it])]) })

function names(principal: unknown, roleId: string): boolean {
  if (principal === '*') return true
  const { data } = principalSchema.safeParse(principal)
  return data?.AWS.some(it => it === '*' || target(it) === roleId) ?? false
}

/** In a key's own policy `*` is that key. */
function ofItself(resource: Resource, statement: Statement): Statement {
  return resource.Type === 'AWS::KMS::Key' ? { ...statement, Resource: [pathOf(resource)] } : statement
}
