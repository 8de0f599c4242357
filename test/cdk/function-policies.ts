import * as z from 'zod'
import { apiEnvironment } from '../../functions/api/env.ts'
import { audienceEnvironment } from '../../functions/audience/env.ts'
import { dispatcherEnvironment } from '../../functions/dispatcher/env.ts'
import { feedbackEnvironment } from '../../functions/feedback/env.ts'
import { senderEnvironment } from '../../functions/sender/env.ts'
import type { Policy } from './policies.ts'
import { rolesOf } from './roles.ts'
import { ofType, pathOf, type Template, target } from './template.ts'

const environments: Readonly<Record<string, z.ZodObject>> = {
  'Api/Function': apiEnvironment,
  'Audience/Function': audienceEnvironment,
  'Dispatcher/Function': dispatcherEnvironment,
  'Sender/Function': senderEnvironment,
  'Feedback/Function': feedbackEnvironment,
}

const functionSchema = z.looseObject({
  Runtime: z.string(),
  Architectures: z.array(z.string()),
  Role: z.unknown(),
  Environment: z.looseObject({ Variables: z.record(z.string(), z.unknown()) }),
})
const functionsOf = (template: Template) => ofType(template, 'AWS::Lambda::Function', functionSchema)

export const environmentsAreThoseRead: Policy = template =>
  functionsOf(template).flatMap(({ path, properties }) => {
    const set = Object.keys(properties.Environment.Variables)
    const read = Object.keys(environments[path]?.shape ?? {})
    return [
      ...read.filter(key => !set.includes(key)).map(key => `${path} reads ${key}, which is not set`),
      ...set.filter(key => !read.includes(key)).map(key => `${path} is given ${key}, which it does not read`),
    ]
  })

/** The five rooms, on Lambda's newest Node, and nothing that the CDK brings along. */
export const onlyTheRoomsRun: Policy = template => [
  ...functionsOf(template)
    .filter(({ path, properties }) => {
      const { Runtime, Architectures } = properties
      return environments[path] === undefined || Runtime !== 'nodejs24.x' || Architectures.join() !== 'arm64'
    })
    .map(({ path }) => path),
  ...Object.values(template.Resources)
    .filter(({ Type }) => /^(Custom::|AWS::CloudFormation::CustomResource)/.test(Type))
    .map(pathOf),
]

interface Room {
  readonly path: string
  /** Paths of the resources that its environment names. */
  readonly named: readonly string[]
  /** Paths of the resources in which, or on which, its role is allowed something. */
  readonly granted: readonly string[]
  /** Those of them that Lambda itself works on in the room's name: its log, the queues that feed it. */
  readonly lambdas: readonly string[]
}

const sourceSchema = z.looseObject({ EventSourceArn: z.unknown(), FunctionName: z.unknown() })

function roomsOf(template: Template): readonly Room[] {
  const pathTo = (value: unknown) => {
    const resource = template.Resources[target(value) ?? '']
    return resource === undefined ? [] : [pathOf(resource)]
  }
  const sources = ofType(template, 'AWS::Lambda::EventSourceMapping', sourceSchema)
  const paths = Object.values(template.Resources).map(pathOf)
  return functionsOf(template).map(({ logicalId, path, properties }) => {
    const role = rolesOf(template).find(role => pathTo(properties.Role).includes(role.path))
    const texts = (role?.statements ?? [])
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Resource = [] }) => Resource)
    const fed = sources.filter(source => target(source.properties.FunctionName) === logicalId)
    return {
      path,
      named: Object.values(properties.Environment.Variables).flatMap(pathTo),
      granted: paths.filter(it =>
        texts.some(text => text === it || text.startsWith(`${it}/`) || text.endsWith(`/${it}`)),
      ),
      lambdas: [`${path}Log`, ...fed.flatMap(source => pathTo(source.properties.EventSourceArn))],
    }
  })
}

export const whatIsNamedIsGranted: Policy = template =>
  roomsOf(template).flatMap(({ path, named, granted }) =>
    named.filter(it => !granted.includes(it)).map(it => `${path} is told of ${it} and may do nothing with it`),
  )

/** A permission that the environment does not tell of is one that nobody uses. Keys are named by the audiences themselves. */
export const whatIsGrantedIsNamed: Policy = template =>
  roomsOf(template).flatMap(({ path, named, granted, lambdas }) =>
    granted
      .filter(it => !named.includes(it) && !lambdas.includes(it) && !it.startsWith('AudienceKeys/'))
      .map(it => `${path} may do something with ${it} and is not told of it`),
  )
