import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type AlarmState, alarmChanges, alarmedAtMs } from '../runtime/alarm.ts'
import { type MetricSample, metricSamples } from '../runtime/alarm-samples.ts'
import type { LocalStack } from '../stack.ts'
import type { AlarmDefinition } from '../template/deployment.ts'

export const LEAK_METRIC = 'LeakGuardRejections'

/** What the alarm of the leak guard makes of what the senders have printed since a moment. */
export interface DrilledAlarm {
  readonly state: AlarmState
  /** What the metric adds up to. */
  readonly counted: number
  /** When it went off, or will: at the end of a period. */
  readonly alarmAtMs: number | undefined
}

export function leakAlarm({ deployment }: Pick<LocalStack, 'deployment'>): AlarmDefinition {
  const alarm = deployment.alarms.find(({ metric }) => metric.name === LEAK_METRIC)
  if (alarm === undefined) throw new Error(`The template has no alarm on ${LEAK_METRIC}: nobody would be woken.`)
  return alarm
}

/** Evaluates the alarm over the periods from `sinceMs` to the one in which the last refusal was counted, or that is under way. */
export async function readLeakAlarm(stack: LocalStack, sinceMs: number, nowMs: number): Promise<DrilledAlarm> {
  const alarm = leakAlarm(stack)
  const log = await readFile(path.join(stack.logsDirectory, 'sender.log'), 'utf8')
  const samples = log.split('\n').flatMap(metricSamples).filter(isRefusalSince(sinceMs))
  const lastMs = samples.reduce((last, { atMs }) => Math.max(last, atMs), 0) || nowMs
  const changes = alarmChanges(alarm, samples, { fromMs: sinceMs, untilMs: lastMs + alarm.periodMs })
  return {
    state: changes.at(-1)?.to ?? 'INSUFFICIENT_DATA',
    counted: samples.flatMap(({ values }) => values).reduce((sum, value) => sum + value, 0),
    alarmAtMs: alarmedAtMs(changes),
  }
}

/** The alarm is that of one case: it starts as if nothing had been before. */
function isRefusalSince(sinceMs: number): (sample: MetricSample) => boolean {
  return ({ name, atMs }) => name === LEAK_METRIC && atMs >= sinceMs
}
