import type { BatchPointer } from '../batch-queue/batch-queue.ts'
import { completeNotice } from '../ledger/complete-notice.ts'
import { tallyOf } from '../ledger/fate.ts'
import type { ClaimResult } from '../ledger/ledger-store.ts'
import type { Notice } from '../notice/notice.ts'
import type { Recipient } from '../recipient/recipient.ts'
import { assertNever } from '../runtime/assert-never.ts'
import { Defect } from '../runtime/defect.ts'
import { randomId } from '../runtime/random.ts'
import { keepLease, type Lease } from './lease.ts'
import { watchNotice } from './notice-watch.ts'
import { type OutcomeRecorder, progressBefore, recordOutcomes } from './outcome-recorder.ts'
import { planBatch } from './plan-batch.ts'
import { LEASE_MS, MESSAGES_PER_TURN, type SenderPorts } from './ports.ts'
import { type Prepared, prepareMessage } from './prepare-message.ts'
import { type Halt, sendPaced } from './send-paced.ts'
import { type SendableNotice, sendableNotices } from './sendable-notice.ts'

/** How long a batch waits when the daily quota is used up. */
const HOLD_SECONDS = 60

/** A batch's part of its sender's time. */
export interface SenderTurn {
  /** Nothing is started from this moment on. */
  readonly deadlineMs: number
  /** Called once the batch has a slot for each of its messages: the sender may get the next batch ready. */
  readonly onLastWindow?: () => void
}

type Claimed = Extract<ClaimResult, { kind: 'claimed' }>

/**
 * Takes one batch from its pointer to its end. Under a repeated pointer the claim is refused; after a crash the next claim
 * waits until the doubt has settled, and sends only to those of whom nothing is known. Every return has recorded what it did;
 * a throw leaves the lease to run out, and SQS or the dispatcher bring the pointer again.
 */
export function batchSender(ports: SenderPorts): (pointer: BatchPointer, turn: SenderTurn) => Promise<void> {
  const { notices, audiences, ledger, queue, clock, log, metrics, settings } = ports
  const sendable = sendableNotices(ports.contents)

  async function sendBatch(pointer: BatchPointer, { deadlineMs, onLastWindow }: SenderTurn): Promise<void> {
    if (clock.now() >= deadlineMs) return queue.send([pointer])
    const readAtMs = clock.now()
    const notice = await notices.read(pointer.noticeId)
    if (notice?.state !== 'sending' || notice.run !== pointer.run) {
      return log.info('Dropped a pointer of a notice that is not being sent under this run', { ...pointer })
    }
    const what = await sendable(notice)
    const slices = await audiences.readBatchSlices(what.audience.audienceId, what.audience.digest)
    const slice = slices[pointer.batch]
    if (slice === undefined) throw new Defect('no-such-batch', `The audience has no batch ${pointer.batch}`)

    const claimedAtMs = clock.now()
    const claim = await ledger.claim({
      ...pointer,
      size: slice.size,
      owner: randomId(ports.random, 16),
      nowMs: claimedAtMs,
      leaseMs: LEASE_MS,
      settleDelayMs: settings.settleDelayMs,
    })
    switch (claim.kind) {
      case 'done':
        return
      case 'held':
        return queue.send([pointer], (claim.claimableAtMs - clock.now()) / 1000)
      case 'claimed': {
        const watch = watchNotice(ports, { ...pointer, confirmedAtMs: readAtMs })
        const recipients = await audiences.readRecipients(what.audience.audienceId, slice)
        const facts = claim.previous === undefined ? [] : await ledger.readFacts(pointer.noticeId, pointer.batch)
        const plan = planBatch(recipients, facts, claim.previous, notice.inDoubtPolicy)
        const lease = keepLease(ports, claim.row, { claimedAtMs, settleDelayMs: settings.settleDelayMs })
        const recorder = recordOutcomes(ledger, { ...claim.row, before: progressBefore(plan.settled, claim.row) })
        for (const recipient of plan.toLeave) {
          recorder.record(
            recipient,
            { kind: 'inDoubt', reason: 'The sender ended before it could record' },
            clock.now(),
          )
        }
        const left = plan.toLeave.length
        const prepared = await prepareInTurns(what, pointer.batch, plan.toSend)
        const ready = prepared.filter(message => message.kind === 'ready')
        const refused = await recordUnsendable(prepared, recorder)
        const halt: Halt | undefined = refused
          ? { kind: 'stopped' }
          : await sendPaced(ready, { ...ports, watch, lease, recorder, deadlineMs, onLastWindow })
        await recorder.flush()
        await endClaim(what, pointer, claim, lease, recorder, halt, recorder.inDoubt() > left)
        countMetrics(claim, recorder)
        return
      }
      default:
        return assertNever(claim)
    }

    /** Records what will not be sent. A refusal by the leak guard stops the notice before anything else of the batch leaves. */
    async function recordUnsendable(prepared: readonly Prepared[], recorder: OutcomeRecorder): Promise<boolean> {
      for (const message of prepared) {
        if (message.kind !== 'ready') recorder.record(message.recipient, message.outcome, clock.now())
      }
      const refusal = prepared.find(message => message.kind === 'refused')
      if (refusal === undefined) return false
      const { rule, field } = refusal.outcome
      await notices.stop(pointer.noticeId, { kind: 'leak-guard', rule, field }, clock.now())
      metrics.count('LeakGuardRejections', prepared.filter(({ kind }) => kind === 'refused').length)
      metrics.count('NoticesStoppedBySender', 1)
      log.error('The leak guard refused a message and stopped the notice', { ...pointer, rule, field })
      return true
    }
  }

  /** Makes every message of the batch, without holding up the slots of the batches beside it. */
  async function prepareInTurns(
    what: SendableNotice,
    batch: number,
    toSend: readonly Recipient[],
  ): Promise<Prepared[]> {
    const prepared: Prepared[] = []
    for (const recipient of toSend) {
      prepared.push(prepareMessage(what, batch, recipient, settings.configurationSet))
      if (prepared.length % MESSAGES_PER_TURN === 0) await clock.sleep(1)
    }
    return prepared
  }

  async function endClaim(
    what: SendableNotice,
    pointer: BatchPointer,
    claim: Claimed,
    lease: Lease,
    recorder: OutcomeRecorder,
    halt: Halt | undefined,
    doubt: boolean,
  ): Promise<void> {
    const settleSeconds = doubt ? settings.settleDelayMs / 1000 : 0
    /** Gives the batch back; with a delay, its pointer comes again by itself. */
    const giveBack = async (waitSeconds: number, comesAgain: boolean) => {
      const { kind } = await ledger.release(lease.holder, recorder.progress(), clock.now() + waitSeconds * 1000)
      if (kind === 'changed' && comesAgain) await queue.send([pointer], waitSeconds)
    }
    switch (halt?.kind) {
      case undefined:
        return doubt ? giveBack(settleSeconds, true) : finish(what.notice, claim, lease, recorder)
      case 'lease-lost':
        return log.warn('Lost the lease of a batch to another sender', { ...pointer })
      case 'stopped':
        return giveBack(settleSeconds, false)
      case 'time-limit':
        return giveBack(settleSeconds, true)
      case 'unsure':
        return giveBack(Math.max(settleSeconds, HOLD_SECONDS), true)
      case 'hold':
        return giveBack(Math.max(settleSeconds, HOLD_SECONDS), true)
      case 'refused':
        await notices.stop(pointer.noticeId, { kind: 'ses', error: halt.reason }, clock.now())
        metrics.count('NoticesStoppedBySender', 1)
        log.error('SES refuses this notice, which was stopped', { ...pointer, reason: halt.reason })
        return giveBack(settleSeconds, false)
      default:
        return assertNever(halt)
    }
  }

  /** Marks the batch done with its counts. Feedback that came meanwhile is in the facts, so they are summed instead. */
  async function finish(notice: Notice, { row }: Claimed, lease: Lease, recorder: OutcomeRecorder): Promise<void> {
    const { noticeId, batch } = lease.holder
    let progress = recorder.progress()
    let { feedbackVersion } = row
    for (;;) {
      const change = await ledger.finish(lease.holder, progress, feedbackVersion)
      if (change.kind === 'lost') return log.warn('Lost the lease of a batch when finishing it', { noticeId, batch })
      if (change.kind === 'changed') break
      feedbackVersion = change.row.feedbackVersion
      progress = { ...progress, tally: tallyOf(await ledger.readFacts(noticeId, batch)) }
    }
    const counted = await notices.addToTally(noticeId, progress.tally, 1, clock.now())
    await completeNotice(ports, { ...counted, run: notice.run })
  }

  function countMetrics({ row }: Claimed, recorder: OutcomeRecorder): void {
    const { tally, throttles } = recorder.progress()
    metrics.count('Accepted', tally.accepted - row.tally.accepted)
    metrics.count('Failed', tally.failed - row.tally.failed)
    metrics.count('InDoubt', recorder.inDoubt())
    metrics.count('SesThrottles', throttles - row.throttles)
  }

  return sendBatch
}
