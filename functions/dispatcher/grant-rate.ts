import { effectiveIntervalUs } from '../pacer/gcra.ts'
import type { GrantedRates } from '../pacer/granted-rates.ts'
import type { Lanes } from '../pacer/lanes.ts'
import type { Pacer } from '../pacer/pacer.ts'
import type { PacerState, PacerStore } from '../pacer/pacer-store.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import type { SendQuota, SesAccount } from '../ses/account.ts'
import { MAIN_LANE } from './workload.ts'

export interface GrantRatePorts {
  readonly pacerOf: (lane: string | undefined) => Pick<Pacer, 'grant'>
  readonly pacerStoreOf: (lane: string | undefined) => Pick<PacerStore, 'read'>
  readonly grantedRates: GrantedRates
  readonly account: SesAccount
  readonly clock: Clock
  readonly log: Log
  readonly lanes: Lanes
}

/** A lane's rate moves with its part of the recipients. It is left as it is while that is so near. */
const NEAR_ENOUGH = 0.1
/** The main lane keeps this part even where it has nothing to send: what comes back to it goes on at once. */
const LEAST_OF_MAIN_LANE = 0.01
/** Slots that a pacer has given out lie no further ahead, unless a clock is wrong. */
const FURTHEST_SLOT_US = 5_000_000

/** What SES allows now; undefined where it does not say. */
export async function readQuota({ account, log }: GrantRatePorts): Promise<SendQuota | undefined> {
  try {
    const quota = await account.readQuota()
    if (quota.maxSendRate <= 0) log.error('SES grants no sending rate; the last one stays', { ...quota })
    return quota
  } catch (error) {
    log.error('SES does not say its limits; the last rate stays in force', {}, error)
    return undefined
  }
}

/** The last rate that was granted, for when SES does not say one. Undefined when there was none, or the table does not say. */
export async function lastRate({ grantedRates, log }: GrantRatePorts): Promise<number | undefined> {
  try {
    return (await grantedRates.read()).at(-1)?.ratePerSecond
  } catch (error) {
    log.error('The rates granted before cannot be read', {}, error)
    return undefined
  }
}

/** The state of each pacer, by lane; the main one always. Empty where the table does not say. */
export async function readPacers(
  { pacerStoreOf, log }: GrantRatePorts,
  lanes: Iterable<string>,
): Promise<ReadonlyMap<string, PacerState>> {
  const names = [...new Set([MAIN_LANE, ...lanes])]
  try {
    const states = await Promise.all(names.map(lane => pacerStoreOf(laneName(lane)).read()))
    return new Map(
      names.flatMap((lane, index) => (states[index] === undefined ? [] : [[lane, states[index]] as const])),
    )
  } catch (error) {
    log.error('The pacers cannot be read', {}, error)
    return new Map()
  }
}

/**
 * Grants each lane's pacer its rate, the main one what they leave. The sum never exceeds the total: what one loses is taken
 * from it before another gets it, and not before the slots that it gave out are over.
 */
export async function grantRates(
  { pacerOf, pacerStoreOf, grantedRates, clock, log, lanes }: GrantRatePorts,
  { totalPerSecond, byLane }: { readonly totalPerSecond: number; readonly byLane: ReadonlyMap<string, number> },
  states: ReadonlyMap<string, PacerState>,
): Promise<void> {
  if (totalPerSecond <= 0) return
  const before = new Map([...states].map(([lane, { baseIntervalUs }]) => [lane, 1_000_000 / baseIntervalUs]))
  const grants = plannedGrants(totalPerSecond, byLane, lanes, before)
  const isLower = (lane: string, rate: number) => rate < (before.get(lane) ?? 0)
  try {
    let notBeforeUs = 0
    for (const [lane, rate] of grants) {
      if (!isLower(lane, rate)) continue
      await pacerOf(laneName(lane)).grant(rate)
      notBeforeUs = Math.max(notBeforeUs, (await pacerStoreOf(laneName(lane)).read())?.tatUs ?? 0)
    }
    notBeforeUs = Math.min(notBeforeUs, clock.now() * 1000 + FURTHEST_SLOT_US)
    for (const [lane, rate] of grants) {
      if (!isLower(lane, rate)) await pacerOf(laneName(lane)).grant(rate, notBeforeUs)
    }
    const usable = byLane.values().reduce((sum, rate) => sum + rate, 0)
    await grantedRates.record(usable > 0 ? usable : totalPerSecond, clock.now())
  } catch (error) {
    log.error('The rate could not be granted; the last one stays', {}, error)
  }
}

/** What each pacer is to be granted, in recipients a second, by lane, after what it was granted before. */
export function plannedGrants(
  totalPerSecond: number,
  byLane: ReadonlyMap<string, number>,
  lanes: Lanes,
  grantedBefore: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const grants = new Map<string, number>()
  let left = totalPerSecond
  for (const [lane, rate] of byLane) {
    if (lane === MAIN_LANE) continue
    const before = grantedBefore.get(lane) ?? 0
    const keeps = Math.abs(rate - before) <= NEAR_ENOUGH * before && before <= (lanes[lane] ?? Number.POSITIVE_INFINITY)
    const granted = keeps && before <= left ? before : rate
    grants.set(lane, granted)
    left -= granted
  }
  return grants.set(MAIN_LANE, Math.max(left, LEAST_OF_MAIN_LANE * totalPerSecond))
}

/** Recipients a second as the pacers give slots out now, all lanes together. */
export function presentRate(states: ReadonlyMap<string, PacerState>, nowMs: number): number | undefined {
  if (states.size === 0) return undefined
  const nowUs = Math.round(nowMs * 1000)
  return states.values().reduce((sum, state) => sum + 1_000_000 / effectiveIntervalUs(state, nowUs), 0)
}

function laneName(lane: string): string | undefined {
  return lane === MAIN_LANE ? undefined : lane
}
