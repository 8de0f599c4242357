import * as z from 'zod'
import type { Policy } from './policies.ts'
import { ofType, type Template, target } from './template.ts'

const DAY_SECONDS = 86_400

const queueSchema = z.looseObject({
  SqsManagedSseEnabled: z.boolean().default(false),
  VisibilityTimeout: z.number().default(30),
  MessageRetentionPeriod: z.number().default(4 * DAY_SECONDS),
  RedrivePolicy: z.looseObject({ deadLetterTargetArn: z.unknown(), maxReceiveCount: z.number() }).optional(),
})
const queuesOf = (template: Template) => ofType(template, 'AWS::SQS::Queue', queueSchema)

export const queuesHaveDeadLetters: Policy = template => {
  const queues = queuesOf(template)
  const deadLetters = new Set(queues.map(queue => target(queue.properties.RedrivePolicy?.deadLetterTargetArn)))
  return queues
    .filter(queue => queue.properties.RedrivePolicy === undefined && !deadLetters.has(queue.logicalId))
    .map(queue => queue.path)
}

/** A dead letter keeps its age: SQS forgets it when it is as old as the dead letters are kept. */
export const deadLettersAreKeptLonger: Policy = template => {
  const queues = queuesOf(template)
  return queues
    .filter(({ properties }) => {
      const deadLetters = queues.find(
        ({ logicalId }) => logicalId === target(properties.RedrivePolicy?.deadLetterTargetArn),
      )
      if (deadLetters === undefined) return false
      return deadLetters.properties.MessageRetentionPeriod < properties.MessageRetentionPeriod + 7 * DAY_SECONDS
    })
    .map(({ path }) => path)
}

/** Once Lambda has no free place, it gives a message back unseen, which counts as a receipt: AWS advises five at least. */
export const messagesAreTriedFiveTimes: Policy = template =>
  queuesOf(template)
    .filter(({ properties }) => properties.RedrivePolicy !== undefined && properties.RedrivePolicy.maxReceiveCount < 5)
    .map(({ path }) => path)

const alarmSchema = z.looseObject({
  Dimensions: z.array(z.looseObject({ Name: z.string(), Value: z.unknown() })).default([]),
})

export const deadLettersAreWatched: Policy = template => {
  const watched = ofType(template, 'AWS::CloudWatch::Alarm', alarmSchema)
    .flatMap(({ properties }) => properties.Dimensions)
    .flatMap(({ Name, Value }) => (Name === 'QueueName' ? [target(Value)] : []))
  return queuesOf(template)
    .map(({ properties }) => target(properties.RedrivePolicy?.deadLetterTargetArn))
    .flatMap(logicalId => (logicalId === undefined || watched.includes(logicalId) ? [] : [logicalId]))
}

export const queuesAreEncrypted: Policy = template =>
  queuesOf(template)
    .filter(queue => !queue.properties.SqsManagedSseEnabled)
    .map(queue => queue.path)

const functionSchema = z.looseObject({ Timeout: z.number() })
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
