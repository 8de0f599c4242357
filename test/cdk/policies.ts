import * as z from 'zod'
import { statements } from './statements.ts'
import { ofType, pathOf, type Template, target } from './template.ts'

/** What is wrong with a template, each fault with the path of its construct; nothing when the policy is kept. */
export type Policy = (template: Template) => readonly string[]

const anything = z.looseObject({})

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

/** An alarm says what is wrong, reaches a topic that CloudWatch may publish to, and says what it makes of silence. */
export const alarmsReachSomebody: Policy = template => {
  const open = statements(template)
    .filter(({ statement }) => statement.Effect === 'Allow')
    .filter(({ statement }) => JSON.stringify(statement.Principal ?? '').includes('cloudwatch.amazonaws.com'))
    .flatMap(({ from }) => [from.Properties['Topics']].flat().map(target))
  return ofType(template, 'AWS::CloudWatch::Alarm', alarmSchema)
    .filter(({ properties: { AlarmDescription, AlarmActions, TreatMissingData } }) => {
      const heard = AlarmActions.some(action => open.includes(target(action)))
      return !heard || AlarmDescription.length < 80 || TreatMissingData === 'missing'
    })
    .map(({ path }) => path)
}
