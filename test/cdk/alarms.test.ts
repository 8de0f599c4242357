import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { ofType, readable, synthesise } from './template.ts'

const template = synthesise()
const alarmSchema = z.looseObject({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]),
})
const alarms = ofType(template, 'AWS::CloudWatch::Alarm', alarmSchema)
const own = alarms
  .filter(({ properties }) => properties.Namespace === 'OnlyTo')
  .map(({ path, properties: { MetricName, Dimensions } }) => {
    const all = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, z.string().parse(Value)]))
    const { service = '', ...dimensions } = all
    return { path, name: MetricName, service, dimensions, all }
  })

const metricsModule = new URL('../../functions/runtime/metrics.ts', import.meta.url).href
const lineSchema = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.tuple([
      z.object({
        Namespace: z.string(),
        Dimensions: z.tuple([z.array(z.string())]),
        Metrics: z.array(z.looseObject({ Name: z.string() })),
      }),
    ]),
  }),
})

const sorted = (dimensions: object) => JSON.stringify(Object.entries(dimensions).sort())
const sameDimensions = (a: object, b: object) => sorted(a) === sorted(b)

/** What functions write to stdout for CloudWatch when each counts all of its metrics, and others, in one go. */
function linesOf(counted: typeof own): readonly z.infer<typeof lineSchema>[] {
  const program = `
    import { createMetrics } from '${metricsModule}'
    const counted = ${JSON.stringify(counted)}
    for (const service of new Set(counted.map(({ service }) => service))) {
      const metrics = createMetrics(service)
      metrics.count('BatchesDispatched', 2)
      for (const { name, dimensions } of counted.filter(one => one.service === service)) {
        metrics.count(name, 1, Object.keys(dimensions).length > 0 ? dimensions : undefined)
      }
      metrics.flush()
    }`
  const options = { encoding: 'utf8', env: {} } as const
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], options)
  return stdout
    .trim()
    .split('\n')
    .map(line => lineSchema.parse(JSON.parse(line)))
}

it('each alarm on a metric of OnlyTo names the very dimensions that the metric is written with', () => {
  const written = linesOf(own).flatMap(line => {
    const [{ Namespace, Dimensions, Metrics }] = line._aws.CloudWatchMetrics
    const dimensions = Object.fromEntries(Dimensions[0].map(name => [name, line[name]]))
    return Metrics.map(({ Name }) => ({ Namespace, Name, dimensions, value: line[Name] }))
  })
  expect(own.length).toBeGreaterThan(10)
  // CloudWatch takes a metric with other dimensions for another metric, and such an alarm would never ring.
  for (const { name, all } of own) {
    const heard = written.filter(({ Name, dimensions }) => Name === name && sameDimensions(dimensions, all))
    expect(heard).toEqual([{ Namespace: 'OnlyTo', Name: name, dimensions: all, value: 1 }])
  }
  const others = written.filter(({ Name }) => Name === 'BatchesDispatched')
  expect(others.map(({ dimensions }) => Object.keys(dimensions))).toEqual(others.map(() => ['service']))
})

it('each alarm on a part of the stack listens to that part', () => {
  const heard = alarms
    .filter(({ properties }) => properties.Namespace.startsWith('AWS/'))
    .map(({ path, properties: { Namespace, MetricName, Dimensions } }) => [
      path.replace('Alarms/', ''),
      `${Namespace} ${MetricName}`,
      ...Dimensions.map(({ Value }) => readable(template, Value)),
    ])
  expect(heard).toEqual([
    ['SenderDeadLetters', 'AWS/SQS ApproximateNumberOfMessagesVisible', 'Sender/Batches/DeadLetters'],
    ['FeedbackDeadLetters', 'AWS/SQS ApproximateNumberOfMessagesVisible', 'Feedback/Events/DeadLetters'],
    ['SenderErrors', 'AWS/Lambda Errors', 'Sender/Function'],
    ['DispatcherErrors', 'AWS/Lambda Errors', 'Dispatcher/Function'],
    ['BounceRate', 'AWS/SES Reputation.BounceRate'],
    ['ComplaintRate', 'AWS/SES Reputation.ComplaintRate'],
    ['ApiErrors', 'AWS/ApiGateway 5xx', 'Api/Http'],
  ])
})
