import { type BatchRow, isDone } from '../ledger/batch.ts'
import type { Notice } from '../notice/notice.ts'
import type { StallReason } from '../notice/stall-reasons.ts'
import type { PacerState } from '../pacer/pacer-store.ts'
import type { SendQuota } from '../ses/account.ts'
import { SILENCE_MS } from './lost-pointers.ts'

/** SES counts a message against the quota before GetAccount shows it. */
const QUOTA_MARGIN = 0.99
/** Senders reserve about a second's worth of slots each. */
const FAR_AHEAD_MS = 60_000
/** A throttle so long ago says nothing of now. */
const RECENT_MS = 60_000
/** Claimed so often, and not done: whoever had it did not get far. */
const MANY_ATTEMPTS = 3

/** What the dispatcher sees of a notice that makes no progress. */
export interface StallEvidence {
  readonly notice: Pick<Notice, 'run' | 'retryRun' | 'retryRejected'>
  readonly rows: ReadonlyMap<number, BatchRow>
  /** Undefined when SES does not say. */
  readonly quota: SendQuota | undefined
  /** What of the daily quota notices may use is gone, or is too little for the next batch. */
  readonly waitsForQuota: boolean
  /** Undefined when no rate was ever granted. */
  readonly pacer: PacerState | undefined
  /** Senders work on another notice. */
  readonly othersLive: boolean
  readonly nowMs: number
}

/** Rows that this run has claimed and not done, by what has become of them. */
interface Claimed {
  /** In the hands of a sender that shows life. */
  readonly held: number
  /** In the hands of a sender that was heard of no more. */
  readonly vanished: number
  /** Given back with recipients in doubt. */
  readonly inDoubt: number
  /** Given back with nobody in doubt, for a time that has not come: SES takes nothing for now. */
  readonly onHold: number
  readonly mostAttempts: number
}

type Sign = readonly [StallReason, (evidence: StallEvidence, claimed: Claimed) => boolean]

/** The first sign that shows is the reason: what stops everything before what stops a batch, and causes before effects. */
const signs: readonly Sign[] = [
  ['sending-disabled', ({ quota }) => quota?.sendingEnabled === false],
  ['quota-used-up', (evidence, { onHold }) => evidence.waitsForQuota || quotaUsedUp(evidence, onHold)],
  ['no-rate', ({ quota, pacer }) => pacer === undefined || (quota !== undefined && quota.maxSendRate <= 0)],
  ['slots-far-ahead', ({ pacer, nowMs }) => pacer !== undefined && pacer.tatUs / 1000 - nowMs > FAR_AHEAD_MS],
  ['throttled', ({ pacer, nowMs }) => pacer !== undefined && nowMs - pacer.throttledAtUs / 1000 < RECENT_MS],
  ['answers-lost', (_, { inDoubt, vanished }) => inDoubt > 0 && inDoubt >= vanished],
  ['senders-die', (_, { vanished, mostAttempts }) => vanished > 0 || mostAttempts >= MANY_ATTEMPTS],
  ['behind-another', ({ othersLive }, { held }) => othersLive && held === 0],
  ['no-sender-comes', (_, { held }) => held === 0],
]

/** Why nobody got a fate for a while. Says one thing, the one to be mended first. */
export function diagnoseStall(evidence: StallEvidence): StallReason {
  const claimed = sumClaimed(evidence)
  return signs.find(([, shows]) => shows(evidence, claimed))?.[0] ?? 'unexplained'
}

function quotaUsedUp({ quota }: StallEvidence, onHold: number): boolean {
  if (quota === undefined) return onHold > 0
  const { max24HourSend, sentLast24Hours } = quota
  return max24HourSend !== undefined && sentLast24Hours >= QUOTA_MARGIN * max24HourSend
}

function sumClaimed({ notice, rows, nowMs }: StallEvidence): Claimed {
  const ofRun = [...rows.values()].filter(row => row.run === notice.run && !isDone(row, notice))
  const leased = ofRun.filter(({ state }) => state === 'leased')
  const open = ofRun.filter(({ state }) => state === 'open')
  const held = leased.filter(({ aliveAtMs }) => nowMs - aliveAtMs < SILENCE_MS).length
  return {
    held,
    vanished: leased.length - held,
    inDoubt: open.filter(({ tally }) => tally.inDoubt > 0).length,
    onHold: open.filter(({ tally, claimableAtMs }) => tally.inDoubt === 0 && claimableAtMs > nowMs).length,
    mostAttempts: Math.max(0, ...ofRun.map(({ attempt }) => attempt)),
  }
}
