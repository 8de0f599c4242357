import type { PacerState } from '../pacer/pacer-store.ts'
import type { SendQuota } from '../ses/account.ts'
import { quotaRoom } from '../ses/quota-room.ts'
import { lives } from './find-lost.ts'
import { type GrantRatePorts, grantRates, lastRate, presentRate, readPacers } from './grant-rate.ts'
import type { Reading } from './read-notice.ts'
import { type Sharer, shareOut } from './share-out.ts'
import { MAIN_LANE, measureWork, presentFeed, sumWork } from './workload.ts'

/** While a notice is being sent, the dispatcher comes round so often, or as often as leaves half of its time to others. */
export const ROUND_MS = 5_000

/** What the account grants at a moment, as the notices that are being sent share it. */
export interface SharedRate {
  /** The main lane's pacer; undefined when no rate was ever granted, or the table does not say. */
  readonly pacer: PacerState | undefined
  /** Recipients a second as all pacers give slots out now. Undefined while nothing was granted. */
  readonly ratePerSecond: number | undefined
  /** Recipients of all notices in the queue and in senders' hands. */
  readonly inFlight: number
  inFlightOf(noticeId: string): number
  ofNotice(noticeId: string): RateOfNotice
}

export interface RateOfNotice {
  /** Recipients a second, by lane. Undefined: it waits for an urgent notice. */
  readonly rates: ReadonlyMap<string, number> | undefined
  /** Recipients a second by its own share; infinite where that is all of the rate. */
  readonly ceilingPerSecond: number
  /** Other notices that get a part of the rate. */
  readonly sharedWith: number
  readonly quotaIsUsedUp: boolean
  /** Recipients that the daily quota has room for, now … */
  readonly room: number
  /** … and in a whole day. Both infinite where the quota is unlimited, or SES has not said. */
  readonly wholeRoom: number
}

/** Divides what SES allows among the notices that are being sent, and grants the pacers their parts. */
export async function shareRate(
  ports: GrantRatePorts & { readonly rateShare: number },
  readings: readonly Reading[],
  quota: SendQuota | undefined,
): Promise<SharedRate> {
  const { clock, rateShare, lanes } = ports
  const maxSendRate = quota?.maxSendRate ?? ((await lastRate(ports)) ?? 0) / rateShare
  const sharers = readings.map(reading => sharerOf(reading, { rateShare, maxSendRate, nowMs: clock.now() }))
  const shared = shareOut(maxSendRate, lanes, sharers)
  const lanesInUse = [...Object.keys(lanes), ...sharers.flatMap(({ runnable }) => [...runnable.keys()])]
  const before = await readPacers(ports, lanesInUse)
  if (before !== undefined) await grantRates(ports, shared, before)
  const pacers = (await readPacers(ports, lanesInUse)) ?? new Map<string, PacerState>()
  const fedNotices = [...shared.byNotice].flatMap(([noticeId, { size }]) => (size > 0 ? [noticeId] : []))
  return {
    pacer: pacers.get(MAIN_LANE),
    ratePerSecond: presentRate(pacers, clock.now()),
    inFlight: sharers.reduce((sum, { inFlight }) => sum + inFlight, 0),
    inFlightOf: noticeId => sharers.find(sharer => sharer.noticeId === noticeId)?.inFlight ?? 0,
    ofNotice: noticeId => {
      const share = sharers.find(sharer => sharer.noticeId === noticeId)?.share ?? rateShare
      const roomAfter = (sentLast24Hours: number) =>
        (quota && quotaRoom({ ...quota, sentLast24Hours }, share)) ?? Number.POSITIVE_INFINITY
      const room = roomAfter(quota?.sentLast24Hours ?? 0)
      return {
        rates: shared.byNotice.get(noticeId),
        ceilingPerSecond: maxSendRate * share < shared.totalPerSecond ? maxSendRate * share : Number.POSITIVE_INFINITY,
        sharedWith: fedNotices.filter(id => id !== noticeId).length,
        room,
        quotaIsUsedUp: room === 0,
        wholeRoom: roomAfter(0),
      }
    },
  }
}

function sharerOf(
  reading: Reading,
  { rateShare, maxSendRate, nowMs }: { rateShare: number; maxSendRate: number; nowMs: number },
): Sharer & { readonly inFlight: number } {
  const { noticeId, pace } = reading.notice
  const workload = measureWork(reading, nowMs)
  const share = Math.min(rateShare, pace.share ?? rateShare)
  const hasJustBegun = presentFeed(reading.notice) === undefined
  const lasts = sumWork(workload, 'runnable') > (maxSendRate * share * ROUND_MS) / 1000
  return {
    noticeId,
    urgent: pace.urgent,
    share,
    runnable: new Map([...workload].map(([lane, { runnable }]) => [lane, runnable])),
    holdsOthersBack: hasJustBegun || (lasts && lives(reading, nowMs)),
    inFlight: sumWork(workload, 'inFlight'),
  }
}
