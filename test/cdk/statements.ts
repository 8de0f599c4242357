import * as z from 'zod'
import type { Resource, Template } from './template.ts'

const oneOrMany = <Item extends z.ZodType>(item: Item) =>
  z.union([z.array(item), item.transform(value => [value])]).default([])

const statementSchema = z.looseObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMany(z.string()),
  Resource: oneOrMany(z.unknown()),
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
})
const policySchema = z.looseObject({ Statement: z.array(statementSchema) })

export interface StatementOf {
  readonly statement: z.output<typeof statementSchema>
  /** The policy that it stands in. */
  readonly from: Resource
}

/** Every policy statement of the template, of roles as well as of queues, topics and buckets. */
export function statements(template: Template): readonly StatementOf[] {
  return Object.values(template.Resources).flatMap(from => {
    const document = from.Properties['PolicyDocument'] ?? from.Properties['AssumeRolePolicyDocument']
    if (document === undefined) return []
    return policySchema.parse(document).Statement.map(statement => ({ statement, from }))
  })
}
