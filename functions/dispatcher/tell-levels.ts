import { isDone } from '../ledger/batch.ts'
import type { Metrics } from '../runtime/metrics.ts'
import type { SendQuota } from '../ses/account.ts'
import { quotaRoom } from '../ses/quota-room.ts'
import type { Reading } from './read-notice.ts'
import type { SharedRate } from './share-rate.ts'
import { recipientsLeft } from './workload.ts'

interface LevelPorts {
  readonly metrics: Metrics
  readonly rateShare: number
}

interface Levels {
  readonly shared: Pick<SharedRate, 'ratePerSecond' | 'inFlight' | 'inFlightOf'>
  /** Undefined when SES does not say. */
  readonly quota: SendQuota | undefined
}

/** What can be seen of the notices that are being sent, all together: how much is left, how fast, and whether the day's quota is enough. */
export function tellLevels(
  { metrics, rateShare }: LevelPorts,
  readings: readonly Reading[],
  { shared, quota }: Levels,
): void {
  metrics.count('AccountRate', quota?.maxSendRate ?? 0)
  metrics.count('GrantedRate', shared.ratePerSecond ?? 0)
  metrics.count('InFlight', shared.inFlight)
  metrics.count('Unsent', sum(readings, unsentOf))
  if (quota?.max24HourSend === undefined) return
  metrics.count('QuotaUsed', (100 * quota.sentLast24Hours) / Math.max(1, quota.max24HourSend))
  const today = readings.filter(({ notice }) => !notice.pace.overDays)
  // SES may have counted some of those in flight already, so none of them is said to be short of quota.
  const needed = sum(today, reading => Math.max(0, unsentOf(reading) - shared.inFlightOf(reading.notice.noticeId)))
  metrics.count('QuotaShort', needed - (quotaRoom(quota, rateShare) ?? needed))
}

function unsentOf({ notice, slices, rows }: Reading): number {
  return sum([...slices.entries()], ([batch, slice]) => {
    const row = rows.get(batch)
    return row !== undefined && isDone(row, notice) ? 0 : recipientsLeft(slice, row, notice)
  })
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0)
}
