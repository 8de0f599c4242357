import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { alarmCatalogue } from '../../cdk/alarm-catalogue.ts'
import { anchorOf } from '../../cdk/alarm-entry.ts'
import { stallReasonNames } from '../../functions/notice/stall-reasons.ts'
import { METRIC_NAMESPACE, metricsOf } from '../../functions/runtime/metric-names.ts'
import { goodInputs, ofType, synthesise, type Template } from '../cdk/template.ts'
import { alarmIds, alarmOf, templateAlarms } from './template-alarms.ts'

const services = Object.keys(metricsOf).sort()
const namesOf = (all: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(all).flatMap(([service, names]) => names.map(name => `${service} ${name}`))
const declared = namesOf(metricsOf).sort()

/** What the code of the functions counts, by service. */
const counted = globSync('functions/{sender,dispatcher,feedback,api,audience}/**/*.ts')
  .flatMap(path => {
    const [, room = ''] = path.split('/')
    return [...readFileSync(path, 'utf8').matchAll(/\.count\(\s*'(\w+)'/g)].map(([, name]) => `${room} ${name}`)
  })
  .filter((name, index, all) => all.indexOf(name) === index)
  .sort()

/** `service Name` of each metric of OnlyTo on the dashboard, and every dimension that it draws. */
function dashboardOf(template: Template) {
  const joined = z.looseObject({
    DashboardBody: z.looseObject({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }),
  })
  const [dashboard] = ofType(template, 'AWS::CloudWatch::Dashboard', joined)
  const parts = dashboard?.properties.DashboardBody['Fn::Join'][1] ?? []
  const body = parts.map(part => (typeof part === 'string' ? part : 'PART')).join('')
  const widget = z.looseObject({
    type: z.string(),
    properties: z.looseObject({ metrics: z.array(z.array(z.unknown())).default([]), markdown: z.string().optional() }),
  })
  const { widgets } = z.object({ widgets: z.array(widget) }).parse(JSON.parse(body))
  const lines = widgets.flatMap(({ properties }) =>
    properties.metrics.map(line => line.filter(part => typeof part === 'string')),
  )
  const drawn = lines.map(([namespace = '', name = '', ...dimensions]) => ({ namespace, name, dimensions }))
  return { body, widgets, drawn }
}

const template = synthesise()
const dashboard = dashboardOf(template)
const ownDrawn = dashboard.drawn.filter(({ namespace }) => namespace === METRIC_NAMESPACE)

describe('The alarms of the catalogue', () => {
  it('are those of the template, each once; those of lanes only where there are lanes', () => {
    expect(new Set(alarmIds).size).toBe(alarmIds.length)
    expect(templateAlarms.map(({ name }) => name).sort()).toEqual(alarmIds.map(id => alarmOf(id).name).sort())
    const without = ofType(template, 'AWS::CloudWatch::Alarm', z.looseObject({})).length
    expect(alarmIds.length - without).toBe(1)
  })

  it('say in a few sentences what is wrong and why it matters, and lead to the runbook', () => {
    for (const { id, wrong, matters, heading, whenMissing } of alarmCatalogue) {
      const { description } = alarmOf(id)
      expect(description).toBe(`${wrong} ${matters} What to do: docs/runbook.md#${anchorOf(heading)}`)
      // CloudWatch takes no more, and who is woken reads no more.
      expect(description.length).toBeLessThanOrEqual(400)
      expect(description.match(/\.(?= )/g)?.length ?? 0).toBeLessThanOrEqual(4)
      expect(whenMissing.why).toMatch(/^[A-Z].{40,}\.$/)
      expect(alarmOf(id).missingData).toBe(whenMissing.treat)
    }
  })

  it('link to where the runbook can be read, if the deployment says so', () => {
    const runbookUrl = 'https://git.example.com/onlyto/docs/runbook.md'
    const schema = z.looseObject({ AlarmDescription: z.string() })
    for (const { properties } of ofType(synthesise({ ...goodInputs, runbookUrl }), 'AWS::CloudWatch::Alarm', schema)) {
      expect(properties.AlarmDescription).toContain(` What to do: ${runbookUrl}#`)
    }
  })

  it('hold no address', () => {
    for (const alarm of templateAlarms) expect(JSON.stringify(alarm)).not.toMatch(/@|%40/)
    expect(dashboard.body).not.toMatch(/@|%40/)
  })

  it('take silence for trouble only where something is heard each minute', () => {
    const breaching = alarmCatalogue.filter(({ whenMissing }) => whenMissing.treat === 'breaching').map(({ id }) => id)
    expect(breaching).toEqual(['DispatcherSilent'])
  })

  it('are one for each reason to make no progress', () => {
    const reasons = alarmCatalogue.flatMap(({ source }) => (source.kind === 'own' ? (source.reason ?? []) : []))
    expect(reasons.sort()).toEqual([...stallReasonNames].sort())
  })
})

describe('The metrics of OnlyTo', () => {
  it('are counted by the function under whose name they stand, and no other is counted', () => {
    expect(counted).toEqual(declared)
    for (const service of services) {
      expect(readFileSync(`functions/${service}/handler.ts`, 'utf8')).toContain(`createMetrics('${service}')`)
    }
  })

  it('that an alarm listens to are all counted, and what is counted can be seen', () => {
    const heard = alarmCatalogue.flatMap(({ source }) =>
      source.kind === 'own' ? `${source.service} ${source.name}` : [],
    )
    expect(heard.filter(name => !counted.includes(name))).toEqual([])
    const drawn = ownDrawn.map(
      ({ name, dimensions }) => `${Object.fromEntries(pairsOf(dimensions))['service']} ${name}`,
    )
    expect([...new Set(drawn)].sort()).toEqual(declared)
  })

  it('have no dimension that grows: the function, and the reason where there are a few', () => {
    const own = templateAlarms.filter(({ metric }) => metric.namespace === METRIC_NAMESPACE)
    const pairs = [
      ...own.flatMap(({ metric }) => Object.entries(metric.dimensions)),
      ...ownDrawn.flatMap(({ dimensions }) => pairsOf(dimensions)),
    ]
    const few: Readonly<Record<string, readonly string[]>> = { service: services, reason: stallReasonNames }
    expect(pairs.filter(([dimension, of]) => !few[dimension]?.includes(of))).toEqual([])
    // What a function may give beside its name: never an id.
    const given = globSync('functions/**/*.ts').flatMap(path => [
      ...readFileSync(path, 'utf8').matchAll(/\.count\('\w+', [^\n]*?, (\{[^}]*\})\)/g),
    ])
    expect(new Set(given.map(([, dimensions]) => dimensions))).toEqual(
      new Set(["{ reason: 'table-trouble' }", '{ reason }']),
    )
  })

  it('of the handler that sends tell of a pacer that cannot be reached', () => {
    expect(readFileSync('functions/sender/handler.ts', 'utf8')).toMatch(/meteredPacer\(\s*createPacer\(/)
  })
})

function pairsOf(list: readonly string[]): [string, string][] {
  return list.length < 2 ? [] : [[list[0] ?? '', list[1] ?? ''], ...pairsOf(list.slice(2))]
}
