import { effectiveIntervalUs } from '../pacer/gcra.ts'
import type { Pacer } from '../pacer/pacer.ts'
import type { PacerState, PacerStore } from '../pacer/pacer-store.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import type { SendQuota, SesAccount } from '../ses/account.ts'

export interface GrantRatePorts {
  readonly pacer: Pick<Pacer, 'grant'>
  readonly pacerStore: Pick<PacerStore, 'read'>
  readonly account: SesAccount
  readonly clock: Clock
  readonly log: Log
  /** Share of the account's rate that notices may use. */
  readonly rateShare: number
}

/** The account and the pace as a pass finds them. */
export interface Pace {
  /** Undefined when SES does not say. */
  readonly quota: SendQuota | undefined
  /** Undefined when no rate was ever granted, or the table does not say. */
  readonly pacer: PacerState | undefined
  /** Recipients a second as the pacer gives slots out now. */
  readonly ratePerSecond: number | undefined
}

/** Grants the pacer its share of what SES allows now. Where SES or the table does not answer, the last rate stays in force. */
export async function grantRate({ pacer, pacerStore, account, clock, log, rateShare }: GrantRatePorts): Promise<Pace> {
  const failed = (message: string) => (error: unknown) => {
    log.error(message, {}, error)
    return undefined
  }
  const quota = await account.readQuota().catch(failed('SES does not say its limits; the last rate stays in force'))
  if (quota !== undefined && quota.maxSendRate > 0) {
    await pacer.grant(quota.maxSendRate * rateShare).catch(failed('The rate could not be granted; the last one stays'))
  } else if (quota !== undefined) {
    log.error('SES grants no sending rate; the last one stays in force', { maxSendRate: quota.maxSendRate })
  }
  const state = await pacerStore.read().catch(failed('The pacer cannot be read'))
  const ratePerSecond = state && 1_000_000 / effectiveIntervalUs(state, Math.round(clock.now() * 1000))
  return { quota, pacer: state, ratePerSecond }
}
