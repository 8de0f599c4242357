import { effectiveIntervalUs } from '../pacer/gcra.ts'
import { grantTogether } from '../pacer/grant-together.ts'
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
/** What a pacer is granted that is to have nothing. */
const NEXT_TO_NOTHING = 1e-4

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

/** The state of each pacer that was ever granted something, by lane. Undefined where the table does not say. */
export async function readPacers(
  { pacerStoreOf, log }: GrantRatePorts,
  lanes: Iterable<string>,
): Promise<ReadonlyMap<string, PacerState> | undefined> {
  const names = [...new Set([MAIN_LANE, ...lanes])]
  try {
    const states = await Promise.all(names.map(lane => pacerStoreOf(laneName(lane)).read()))
    return new Map(
      names.flatMap((lane, index) => (states[index] === undefined ? [] : [[lane, states[index]] as const])),
    )
  } catch (error) {
    log.error('The pacers cannot be read; the last rate stays in force', {}, error)
    return undefined
  }
}

/** Grants each lane's pacer its rate, the main one what they leave: never more than the total at any moment. */
export async function grantRates(
  { pacerOf, grantedRates, clock, log, lanes }: GrantRatePorts,
  { totalPerSecond, byLane }: { readonly totalPerSecond: number; readonly byLane: ReadonlyMap<string, number> },
  states: ReadonlyMap<string, PacerState>,
): Promise<void> {
  if (totalPerSecond <= 0) return
  const before = new Map([...states].map(([lane, { baseIntervalUs }]) => [lane, 1_000_000 / baseIntervalUs]))
  try {
    await grantTogether(lane => pacerOf(laneName(lane)), plannedGrants(totalPerSecond, byLane, lanes, before), states)
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
  let left = totalPerSecond * (1 - LEAST_OF_MAIN_LANE)
  for (const lane of new Set([...byLane.keys(), ...Object.keys(lanes), ...grantedBefore.keys()])) {
    if (lane === MAIN_LANE) continue
    const rate = Math.min(left, byLane.get(lane) ?? NEXT_TO_NOTHING * totalPerSecond)
    const before = grantedBefore.get(lane) ?? 0
    const keeps = Math.abs(rate - before) <= NEAR_ENOUGH * before && before <= (lanes[lane] ?? Number.POSITIVE_INFINITY)
    const granted = Math.max(keeps && before <= left ? before : rate, NEXT_TO_NOTHING)
    grants.set(lane, granted)
    left -= granted
  }
  return grants.set(MAIN_LANE, left + LEAST_OF_MAIN_LANE * totalPerSecond)
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
