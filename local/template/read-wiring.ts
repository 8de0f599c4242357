import type {
  BucketDefinition,
  EventQueueDefinition,
  FunctionDefinition,
  QueueDefinition,
  RouteDefinition,
  RuleDefinition,
} from './deployment.ts'
import type { AccountScope, Intrinsics } from './intrinsics.ts'
import { functionNamed } from './read-functions.ts'
import type { Template } from './resource-template.ts'
import { readResources, the } from './resources.ts'
import { TemplateError } from './template-error.ts'
import {
  apiShape,
  configurationSetShape,
  eventDestinationShape,
  integrationShape,
  routeShape,
  ruleShape,
  subscriptionShape,
  topicShape,
} from './wiring-shapes.ts'

export function readRoutes(
  template: Template,
  intrinsics: Intrinsics,
  functions: readonly FunctionDefinition[],
  scope: AccountScope,
): readonly RouteDefinition[] {
  const apis = readResources(template, intrinsics, 'AWS::ApiGatewayV2::Api', apiShape)
  if (apis.length > 1) throw new TemplateError(`${apis.length} HTTP APIs: the local stack serves one, on one port.`)
  const integrations = readResources(template, intrinsics, 'AWS::ApiGatewayV2::Integration', integrationShape)
  return readResources(template, intrinsics, 'AWS::ApiGatewayV2::Route', routeShape).map(({ id, properties }) => {
    const target = the(
      integrations,
      integration => properties.Target === `integrations/${integration.id}`,
      `the integration of ${properties.RouteKey}`,
    )
    return {
      routeKey: properties.RouteKey,
      functionName: functionNamed(functions, target.properties.IntegrationUri, scope, id),
      authorization: properties.AuthorizationType,
      timeoutMs: target.properties.TimeoutInMillis,
    }
  })
}

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

export function readRules(
  template: Template,
  intrinsics: Intrinsics,
  functions: readonly FunctionDefinition[],
  buckets: readonly BucketDefinition[],
  scope: AccountScope,
): readonly RuleDefinition[] {
  return readResources(template, intrinsics, 'AWS::Events::Rule', ruleShape).flatMap(({ id, properties }) =>
    properties.Targets.map((target): RuleDefinition => {
      const to = {
        name: id,
        functionName: functionNamed(functions, target.Arn, scope, id),
        input: target.Input === undefined ? undefined : JSON.parse(target.Input),
      }
      if (properties.EventPattern === undefined) {
        return { ...to, kind: 'schedule', everyMs: periodMs(properties.ScheduleExpression, id) }
      }
      const { bucket, object } = properties.EventPattern.detail
      for (const name of bucket.name) {
        const silent = !the(buckets, candidate => candidate.name === name, `the bucket that ${id} watches`).eventBridge
        if (silent) throw new TemplateError(`${id} watches ${name}, which does not tell EventBridge of its objects.`)
      }
      const keyPrefixes = object?.key.map(({ prefix }) => prefix) ?? ['']
      return { ...to, kind: 'object-created', buckets: bucket.name, keyPrefixes }
    }),
  )
}

function periodMs(expression: string | undefined, ruleId: string): number {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression ?? '') ?? []
  const oneMs = unitMs[unit]
  if (oneMs === undefined) {
    throw new TemplateError(`${ruleId}: the local stack runs schedules such as rate(1 minute), not ${expression}.`)
  }
  return Number(count) * oneMs
}

export function readConfigurationSets(template: Template, intrinsics: Intrinsics): readonly string[] {
  return readResources(template, intrinsics, 'AWS::SES::ConfigurationSet', configurationSetShape).map(({ id }) => id)
}

/** Follows SES's events from each configuration set through SNS to the queues that they end in. */
export function readEventQueues(
  template: Template,
  intrinsics: Intrinsics,
  queues: readonly QueueDefinition[],
): readonly EventQueueDefinition[] {
  readResources(template, intrinsics, 'AWS::SNS::Topic', topicShape)
  const subscriptions = readResources(template, intrinsics, 'AWS::SNS::Subscription', subscriptionShape)
  const destinations = readResources(
    template,
    intrinsics,
    'AWS::SES::ConfigurationSetEventDestination',
    eventDestinationShape,
  )
  return destinations.flatMap(({ id, properties }) => {
    const { MatchingEventTypes, SnsDestination } = properties.EventDestination
    const reached = subscriptions.filter(subscription => subscription.properties.TopicArn === SnsDestination.TopicARN)
    return reached.map(subscription => {
      const { Protocol, Endpoint, RawMessageDelivery } = subscription.properties
      if (Protocol !== 'sqs') {
        throw new TemplateError(`${subscription.id}: SES events go to queues locally, not by ${Protocol}.`)
      }
      return {
        configurationSet: properties.ConfigurationSetName,
        queueName: the(queues, queue => queue.arn === Endpoint, `the queue that the events of ${id} end in`).name,
        topicArn: SnsDestination.TopicARN,
        eventTypes: MatchingEventTypes,
        raw: RawMessageDelivery,
      }
    })
  })
}
