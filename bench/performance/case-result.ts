import type { VirtualUsage } from '../cost/metered-services.ts'
import type { PerformanceCase } from './cases.ts'
import { leastSeconds, mostInASecond, quantile, utilisationOf } from './figures.ts'
import type { NoticeReport } from './send-notice.ts'
import type { SesLimit } from './ses-limit.ts'

export interface LaneResult {
  /** '' for everybody who is in no lane. */
  readonly pattern: string
  readonly recipients: number
  readonly ceiling: number | undefined
  readonly mostInASecond: number
  /** From the start to its last acceptance. */
  readonly seconds: number
  /** At its ceiling. */
  readonly leastSeconds: number | undefined
}

/** What one case came to, as SES saw it; seconds from the start. */
export interface CaseResult {
  readonly planned: PerformanceCase
  readonly accepted: number
  /** To the last acceptance of all who are in no lane. */
  readonly utilisation: number
  readonly throttles: number
  readonly othersAccepted: number
  readonly othersThrottles: number
  readonly firstSeconds: number
  readonly medianSeconds: number
  readonly p99Seconds: number
  readonly lastSeconds: number
  /** At everything that SES granted, or at the ceiling of the longest lane. */
  readonly leastSeconds: number
  readonly mostInASecond: number
  readonly billedMs: number
  readonly idleMs: number | undefined
  readonly invocations: number | undefined
  readonly killed: number
  readonly report: NoticeReport | undefined
  /** Of a metered case. */
  readonly usage: VirtualUsage | undefined
  readonly lanes: readonly LaneResult[]
  readonly errors: readonly string[]
  readonly processorSeconds: number
  readonly memoryMb: number
}

export interface Ended {
  readonly planned: PerformanceCase
  readonly limit: SesLimit
  readonly startedMs: number
  readonly killed: number
  readonly errors: readonly string[]
  readonly sent: Pick<CaseResult, 'billedMs' | 'idleMs' | 'invocations' | 'report' | 'usage'>
}

export function resultOf({ planned, limit, startedMs, killed, errors, sent }: Ended): CaseResult {
  const { acceptedAtMs, acceptedByLane, rates, throttles, othersThrottles, othersAcceptedAtMs } = limit.record
  const since = (atMs: number) => (atMs - startedMs) / 1000
  const at = (share: number) => since(quantile(acceptedAtMs, share))
  const lanes = planned.lanes.length === 0 ? [] : lanesOf(planned, acceptedByLane, since)
  const mainEndsMs = acceptedByLane.get('')?.at(-1) ?? startedMs
  const { user, system } = process.cpuUsage()
  return {
    planned,
    killed,
    errors,
    ...sent,
    accepted: acceptedAtMs.length,
    utilisation: utilisationOf(
      acceptedAtMs.filter(atMs => atMs <= mainEndsMs),
      rates,
      othersAcceptedAtMs,
    ),
    throttles,
    othersAccepted: othersAcceptedAtMs.length,
    othersThrottles,
    firstSeconds: at(0),
    medianSeconds: at(0.5),
    p99Seconds: at(0.99),
    lastSeconds: at(1),
    leastSeconds: Math.max(
      leastSeconds(rates, planned.recipients, startedMs),
      ...lanes.map(lane => lane.leastSeconds ?? 0),
    ),
    mostInASecond: mostInASecond(acceptedAtMs),
    lanes,
    processorSeconds: (user + system) / 1e6,
    memoryMb: process.memoryUsage().rss / 1e6,
  }
}

function lanesOf(
  { lanes }: PerformanceCase,
  acceptedByLane: ReadonlyMap<string, readonly number[]>,
  since: (atMs: number) => number,
): readonly LaneResult[] {
  return [...lanes, { pattern: '', ceiling: undefined }].map(({ pattern, ceiling }) => {
    const times = acceptedByLane.get(pattern) ?? []
    return {
      pattern,
      ceiling,
      recipients: times.length,
      mostInASecond: mostInASecond(times),
      seconds: since(times.at(-1) ?? Number.NaN),
      leastSeconds: ceiling && times.length / ceiling,
    }
  })
}
