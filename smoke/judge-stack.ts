import { alarmCatalogue } from '../cdk/alarm-catalogue.ts'
import { count } from '../cli/figures.ts'
import type { MetricName } from '../functions/runtime/metric-names.ts'
import type { AlarmReading, DeployedStack } from './ports.ts'
import { of, type Verdict } from './verdict.ts'

const ALARM = 'AWS::CloudWatch::Alarm'
const DASHBOARD = 'AWS::CloudWatch::Dashboard'
const WHOLE = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'IMPORT_COMPLETE']

/** The address that the stack's outputs give; undefined where it is none. */
export function apiUrlOf({ outputs }: DeployedStack): string | undefined {
  const url = URL.parse(outputs['ApiUrl'] ?? '')
  return url !== null && /^https?:$/.test(url.protocol) ? url.href.replace(/\/+$/, '') : undefined
}

export function judgeStack(stack: DeployedStack): readonly Verdict[] {
  const url = apiUrlOf(stack)
  return of('stack', [
    { what: 'status', figure: stack.status, bound: 'deployed', holds: WHOLE.includes(stack.status) },
    { what: 'address of the API', figure: url ?? 'not in the outputs', bound: 'in ApiUrl', holds: url !== undefined },
  ])
}

const physicalIds = ({ resources }: DeployedStack, type: string) =>
  resources.filter(resource => resource.type === type).map(({ physicalId }) => physicalId)

export const alarmNamesOf = (stack: DeployedStack) => physicalIds(stack, ALARM)
export const dashboardsOf = (stack: DeployedStack) => physicalIds(stack, DASHBOARD)

/** Alarms of the catalogue that this stack should have, and has not. The CDK makes a logical id of the path and a hash. */
export function missingAlarms({ resources }: DeployedStack): readonly string[] {
  const made = new Set(resources.filter(({ type }) => type === ALARM).map(({ logicalId }) => logicalId.slice(0, -8)))
  return alarmCatalogue
    .filter(entry => !onlyWithLanes(entry) && !made.has(`Alarms${entry.id.replaceAll('-', '')}`))
    .map(({ id }) => id)
}

const onlyWithLanes = ({ source }: (typeof alarmCatalogue)[number]) =>
  source.kind === 'aws' && source.of === 'dead letters of the lanes'

export interface WatchedStack {
  readonly stack: DeployedStack
  readonly alarms: readonly AlarmReading[]
  readonly dashboards: readonly string[]
}

/** Whether somebody would be woken, and whether anything wakes them now. */
export function judgeAlarms({ stack, alarms, dashboards }: WatchedStack): readonly Verdict[] {
  const missing = missingAlarms(stack)
  const gone = alarmNamesOf(stack).filter(name => !alarms.some(alarm => alarm.name === name))
  const absent = [...missing, ...gone]
  const raised = alarms.filter(({ state }) => state === 'ALARM')
  const mute = alarms.filter(({ tells }) => !tells)
  return of('alarms', [
    {
      what: 'alarms that exist',
      figure: [count(alarms.length), ...absent.map(name => `no ${name}`)].join(', '),
      bound: 'all of the catalogue',
      holds: alarms.length > 0 && absent.length === 0,
    },
    {
      what: 'alarms that tell nobody',
      figure: mute.length === 0 ? '0' : mute.map(({ name }) => name).join(', '),
      bound: '0',
      holds: mute.length === 0,
    },
    {
      what: 'in ALARM',
      figure: raised.length === 0 ? '0' : raised.map(({ name, reason }) => `${name}: ${reason}`).join('; '),
      bound: '0',
      holds: raised.length === 0,
    },
    { what: 'dashboard', figure: count(dashboards.length), bound: '1', holds: dashboards.length === 1 },
  ])
}

/** What a metric has counted since the test began, and what it must have counted at least. */
export interface SeenMetric {
  readonly name: MetricName
  readonly seen: number
  readonly least: number
}

export function judgeMetrics(metrics: readonly SeenMetric[]): readonly Verdict[] {
  return of(
    'metrics',
    metrics.map(({ name, seen, least }) => ({
      what: name,
      figure: count(seen),
      bound: `at least ${count(least)}`,
      holds: seen >= least,
    })),
  )
}
