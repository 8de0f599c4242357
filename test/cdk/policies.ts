import * as z from 'zod'
import { apiEnvironment } from '../../functions/api/env.ts'
import { audienceEnvironment } from '../../functions/audience/env.ts'
import { dispatcherEnvironment } from '../../functions/dispatcher/env.ts'
import { feedbackEnvironment } from '../../functions/feedback/env.ts'
import { senderEnvironment } from '../../functions/sender/env.ts'
import { statements } from './statements.ts'
import { ofType, pathOf, type Template, target } from './template.ts'

/** What is wrong with a template, each fault with the path of its construct; nothing when the policy is kept. */
export type Policy = (template: Template) => readonly string[]

const anything = z.looseObject({})

const queueSchema = z.looseObject({
  SqsManagedSseEnabled: z.boolean().default(false),
  VisibilityTimeout: z.number().default(30),
  RedrivePolicy: z.looseObject({ deadLetterTargetArn: z.unknown() }).optional(),
})
const queuesOf = (template: Template) => ofType(template, 'AWS::SQS::Queue', queueSchema)

export const queuesHaveDeadLetters: Policy = template => {
  const queues = queuesOf(template)
  const deadLetters = new Set(queues.map(queue => target(queue.properties.RedrivePolicy?.deadLetterTargetArn)))
  return queues
    .filter(queue => queue.properties.RedrivePolicy === undefined && !deadLetters.has(queue.logicalId))
    .map(queue => queue.path)
}

export const queuesAreEncrypted: Policy = template =>
  queuesOf(template)
    .filter(queue => !queue.properties.SqsManagedSseEnabled)
    .map(queue => queue.path)

const guardTypes = {
  'AWS::SQS::Queue': { policy: 'AWS::SQS::QueuePolicy', guards: 'Queues' },
  'AWS::SNS::Topic': { policy: 'AWS::SNS::TopicPolicy', guards: 'Topics' },
  'AWS::S3::Bucket': { policy: 'AWS::S3::BucketPolicy', guards: 'Bucket' },
}

/** Each queue, topic and bucket denies everybody who comes without TLS. */
export const plainHttpIsDenied: Policy = template =>
  Object.entries(guardTypes).flatMap(([type, { policy, guards }]) => {
    const guarded = statements(template)
      .filter(({ from }) => from.Type === policy)
      .filter(({ statement }) => statement.Effect === 'Deny')
      .filter(({ statement }) => statement.Condition?.['Bool']?.['aws:SecureTransport'] === 'false')
      .flatMap(({ from }) => [from.Properties[guards]].flat().map(target))
    return ofType(template, type, anything)
      .filter(({ logicalId }) => !guarded.includes(logicalId))
      .map(({ path }) => path)
  })

const routeSchema = z.looseObject({ RouteKey: z.string(), AuthorizationType: z.string().default('NONE') })

export const routesRequireIam: Policy = template =>
  ofType(template, 'AWS::ApiGatewayV2::Route', routeSchema)
    .filter(({ properties }) => properties.AuthorizationType !== 'AWS_IAM')
    .map(({ properties }) => properties.RouteKey)

const functionSchema = z.looseObject({
  Timeout: z.number(),
  Runtime: z.string(),
  Architectures: z.array(z.string()),
  Environment: z.looseObject({ Variables: z.record(z.string(), z.unknown()) }),
})
const sourceSchema = z.looseObject({
  EventSourceArn: z.unknown(),
  FunctionName: z.unknown(),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  FunctionResponseTypes: z.array(z.string()).default([]),
  ScalingConfig: z.looseObject({ MaximumConcurrency: z.number().int().min(2).max(1000) }).optional(),
})
const functionsOf = (template: Template) => ofType(template, 'AWS::Lambda::Function', functionSchema)
const sourcesOf = (template: Template) => ofType(template, 'AWS::Lambda::EventSourceMapping', sourceSchema)

export const messagesStayHiddenLongEnough: Policy = template =>
  sourcesOf(template)
    .filter(({ properties }) => {
      const queue = queuesOf(template).find(({ logicalId }) => logicalId === target(properties.EventSourceArn))
      const room = functionsOf(template).find(({ logicalId }) => logicalId === target(properties.FunctionName))
      if (queue === undefined || room === undefined) return true
      const least = 6 * room.properties.Timeout + properties.MaximumBatchingWindowInSeconds
      return queue.properties.VisibilityTimeout < least
    })
    .map(({ path }) => path)

export const sourcesReportPartialFailures: Policy = template =>
  sourcesOf(template)
    .filter(({ properties }) => !properties.FunctionResponseTypes.includes('ReportBatchItemFailures'))
    .map(({ path }) => path)

export const sourcesAreBounded: Policy = template =>
  sourcesOf(template)
    .filter(({ properties }) => properties.ScalingConfig === undefined)
    .map(({ path }) => path)

const environments: Readonly<Record<string, z.ZodObject>> = {
  'Api/Function': apiEnvironment,
  'Audience/Function': audienceEnvironment,
  'Dispatcher/Function': dispatcherEnvironment,
  'Sender/Function': senderEnvironment,
  'Feedback/Function': feedbackEnvironment,
}

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

/** Names that are no identity: labels, names inside their parent, and what CloudFormation demands and the CDK makes up. */
const labels = ['AWS::ApiGatewayV2::Api Name', 'AWS::ApiGatewayV2::Stage StageName', 'AWS::IAM::Policy PolicyName']
const metricName = 'AWS::CloudWatch::Alarm MetricName'

export const nothingHasAName: Policy = template =>
  Object.values(template.Resources).flatMap(resource =>
    Object.entries(resource.Properties)
      .filter(([key, value]) => key.endsWith('Name') && typeof value === 'string')
      .map(([key]) => `${resource.Type} ${key}`)
      .filter(name => name !== metricName && !labels.includes(name)),
  )

const stateful = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::KMS::Key']

export const whatIsKeptOutlivesTheStack: Policy = template =>
  Object.values(template.Resources)
    .filter(({ Type, DeletionPolicy }) => stateful.includes(Type) && DeletionPolicy !== 'Retain')
    .map(pathOf)

const tableSchema = z.looseObject({
  BillingMode: z.string().optional(),
  PointInTimeRecoverySpecification: z.looseObject({ PointInTimeRecoveryEnabled: z.boolean() }).optional(),
})

export const tablesCanBeRestored: Policy = template =>
  ofType(template, 'AWS::DynamoDB::Table', tableSchema)
    .filter(({ properties }) => properties.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled !== true)
    .map(({ path }) => path)

const alarmSchema = z.looseObject({
  AlarmDescription: z.string().default(''),
  AlarmActions: z.array(z.unknown()).default([]),
  TreatMissingData: z.string().default('missing'),
})

/** An alarm says what is wrong, reaches a topic that CloudWatch may publish to, and is silent when nothing happens. */
export const alarmsReachSomebody: Policy = template => {
  const open = statements(template)
    .filter(({ statement }) => statement.Effect === 'Allow')
    .filter(({ statement }) => JSON.stringify(statement.Principal ?? '').includes('cloudwatch.amazonaws.com'))
    .flatMap(({ from }) => [from.Properties['Topics']].flat().map(target))
  return ofType(template, 'AWS::CloudWatch::Alarm', alarmSchema)
    .filter(({ properties: { AlarmDescription, AlarmActions, TreatMissingData } }) => {
      const heard = AlarmActions.some(action => open.includes(target(action)))
      return !heard || AlarmDescription.length < 80 || TreatMissingData !== 'notBreaching'
    })
    .map(({ path }) => path)
}
