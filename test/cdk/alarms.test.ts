import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { stallReasons } from '../../functions/notice/stall-reasons.ts'
import { ofType, synthesise, target } from './template.ts'

const template = synthesise()
const alarmSchema = z.looseObject({
  Namespace: z.string(),
  MetricName: z.string(),
  AlarmDescription: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })),
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

it('each alarm on a metric of OnlyTo listens to the function that counts it', () => {
  for (const { service, path, name } of own) {
    expect(path.split('/')[0]?.toLowerCase()).toBe(service)
    expect(readFileSync(`functions/${service}/handler.ts`, 'utf8')).toContain(`createMetrics('${service}')`)
    expect(name).toMatch(/^(LeakGuardRejections|NoProgress)$/)
  }
})

it('each reason for which a notice stands still has an alarm of its own that says why and what to do', () => {
  const told = own.filter(({ name }) => name === 'NoProgress')
  expect(told.map(({ dimensions }) => dimensions['reason']).sort()).toEqual(Object.keys(stallReasons).sort())
  for (const [reason, { wrong, remedy }] of Object.entries(stallReasons)) {
    const path = told.find(({ dimensions }) => dimensions['reason'] === reason)?.path
    const alarm = alarms.find(candidate => candidate.path === path)
    expect(alarm?.properties).toMatchObject({
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    })
    expect(alarm?.properties.AlarmDescription).toContain(wrong)
    expect(alarm?.properties.AlarmDescription).toContain(remedy)
    // CloudWatch takes no longer one.
    expect(alarm?.properties.AlarmDescription.length).toBeLessThanOrEqual(1024)
  }
})

it('a dispatcher that fails for five minutes is told of, one failure is not', () => {
  const alarm = alarms.find(({ path }) => path === 'Dispatcher/FailsAlarm')
  expect(alarm?.properties).toMatchObject({
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 5,
    Threshold: 1,
  })
  const [dimension] = alarm?.properties.Dimensions ?? []
  expect(dimension?.Name).toBe('FunctionName')
  expect(target(dimension?.Value)).toMatch(/^DispatcherFunction/)
})
