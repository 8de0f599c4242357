import type { BatchPointer } from '../batch-queue/batch-queue.ts'
import type { BatchRow } from '../ledger/batch.ts'
import { mayStillChange, recountBatch } from '../ledger/recount.ts'
import { findingOf } from '../notice/history.ts'
import { assertNever } from '../runtime/assert-never.ts'
import { Defect } from '../runtime/defect.ts'
import { randomId } from '../runtime/random.ts'
import { type ClaimedBatch, endClaim } from './end-claim.ts'
import type { Halt } from './halt.ts'
import { createIdleMeter } from './idle-meter.ts'
import { pacerOfBatch } from './lane-pacers.ts'
import { leakAlarms, untoldRefusals } from './leak-alarm.ts'
import { keepLease } from './lease.ts'
import { mustGiveWay, watchNotice } from './notice-watch.ts'
import { type OutcomeRecorder, recordOutcomes } from './outcome-recorder.ts'
import { type BatchPlan, planBatch } from './plan-batch.ts'
import { LEASE_MS, MESSAGES_PER_TURN, NEAR_WINDOW_MS, type SenderPorts } from './ports.ts'
import { type Prepared, prepareMessage } from './prepare-message.ts'
import { type PacedSend, sendPaced } from './send-paced.ts'
import { type SendableNotice, sendableNotices } from './sendable-notice.ts'

/** How long a pointer waits while its notice is held here and its stop cannot be written. */
const HELD_SECONDS = 5

/** A batch's part of its sender's time. */
export interface SenderTurn {
  /** Nothing is started from this moment on. */
  readonly deadlineMs: number
  /** Called when the last slots of the batch begin: the sender may get the next batch ready, and no earlier reserve for it. */
  readonly onLastWindow?: () => void
}

/**
 * Takes one batch from its pointer to its end. Under a repeated pointer the claim is refused; after a crash the next claim
 * waits until the doubt has settled, and sends only to those of whom nothing is known. Every return has recorded what it did;
 * a throw leaves the lease to run out, and SQS or the dispatcher bring the pointer again.
 */
export function batchSender(ports: SenderPorts): (pointer: BatchPointer, turn: SenderTurn) => Promise<void> {
  const { notices, audiences, ledger, queue, clock, log, settings } = ports
  const sendable = sendableNotices(ports.contents, ports.keys)
  const meter = createIdleMeter(clock)
  const alarmOf = leakAlarms(ports)

  return async (given, turn) => {
    const readAtMs = clock.now()
    if (readAtMs + NEAR_WINDOW_MS >= turn.deadlineMs) return queue.send([given])
    const notice = await notices.read(given.noticeId)
    if (notice?.state !== 'sending' || notice.run !== given.run) {
      log.info('Dropped a pointer of a notice that is not being sent under this run', { ...given })
      // It may be the one of a sender that recorded late, failed over it, and was outlived by its notice.
      return recountDoubts(ports, given)
    }
    if (mustGiveWay(notice, given))
      return log.info('Dropped a pointer of a notice that gives way to an urgent one', { ...given })
    const alarm = alarmOf(given, turn.deadlineMs)
    if (alarm.raised()) {
      await alarm.repeat()
      return queue.send([given], HELD_SECONDS)
    }
    const what = await sendable(notice)
    const { audienceId, digest } = what.audience
    const slice = (await audiences.readBatchSlices(audienceId, digest))[given.batch]
    if (slice === undefined) throw new Defect('no-such-batch', `The audience has no batch ${given.batch}`)
    const { lane } = slice
    // It came in the turn of another lane, which is not to wait for the slots of this one.
    if (lane !== given.lane) turn.onLastWindow?.()
    const pointer = { ...given, lane }

    const { settleDelayMs } = settings
    const claimedAtMs = clock.now()
    const lease = { leaseMs: LEASE_MS, settleDelayMs, nowMs: claimedAtMs, owner: randomId(ports.random, 16) }
    const { retryRun, retryRejected, inDoubtPolicy: policy } = notice
    const claim = await ledger.claim({ ...pointer, ...lease, retryRun, retryRejected, size: slice.size })
    switch (claim.kind) {
      case 'done':
        return recountDoubts(ports, pointer)
      case 'held':
        return queue.send([pointer], (claim.claimableAtMs - clock.now()) / 1000)
      case 'claimed': {
        const recipients = await audiences.readRecipients(audienceId, slice)
        // Also of a batch that nobody seems to have claimed: its row may be missing from a table that was restored.
        const facts = await ledger.readFacts(pointer.noticeId, pointer.batch)
        const { row } = claim
        const plan = planBatch({ recipients, facts, row, policy, retryRejected })
        await ledger.putFacts(plan.doubts)
        const watch = watchNotice(ports, { ...pointer, confirmedAtMs: readAtMs })
        const untold = untoldRefusals(plan, row)
        await alarm.raise(untold, claim.previous)
        if (untold.length > 0) await watch.lookBack()
        return sendClaimed(
          ports,
          what,
          plan,
          { ...turn, pacer: pacerOfBatch(ports.pacerOf, lane), meter },
          {
            pointer,
            claim,
            watch,
            alarm,
            lease: keepLease(ports, row, { claimedAtMs, settleDelayMs }),
            recorder: recordOutcomes(ledger, row, plan),
          },
        )
      }
      default:
        return assertNever(claim)
    }
  }
}

/** A sender that recorded late, or was about to sum again, may have died over it: its pointer comes again to a batch that is done. */
async function recountDoubts(ports: SenderPorts, { noticeId, batch }: BatchPointer): Promise<void> {
  const row = await ports.ledger.readBatch(noticeId, batch)
  if (row?.state === 'done' && mayStillChange(row)) await recountBatch(ports, { noticeId, batch })
}

async function sendClaimed(
  ports: SenderPorts,
  what: SendableNotice,
  plan: BatchPlan,
  turn: SenderTurn & Pick<PacedSend, 'pacer' | 'meter'>,
  batch: ClaimedBatch,
): Promise<void> {
  const { claim, lease, recorder, watch, alarm } = batch
  const prepared = await prepareInTurns(ports, what, claim.row, plan)
  const ready = prepared.filter(message => message.kind === 'ready')
  let halt: Halt | undefined
  try {
    halt =
      (await recordUnsendable(ports, batch, prepared)) ??
      (await sendPaced(ready, { ...ports, ...turn, watch, lease, recorder, alarm }))
  } finally {
    // Whatever else fails, what SES has answered is not to become doubt.
    await recorder.flush()
  }
  await watch.lookBack()
  await endClaim(ports, batch, halt)
  countMetrics(ports, batch, recorder)
}

/** Makes every message of the batch, without holding up the slots of the batch before it. */
async function prepareInTurns(
  { clock, settings }: SenderPorts,
  what: SendableNotice,
  row: BatchRow,
  { toSend }: BatchPlan,
): Promise<Prepared[]> {
  const prepared: Prepared[] = []
  for (const sendable of toSend) {
    prepared.push(prepareMessage(what, row, sendable, settings.configurationSet))
    if (prepared.length % MESSAGES_PER_TURN === 0) await clock.sleep(1)
  }
  return prepared
}

/** Records what will not be sent. A refusal by the leak guard halts the batch before anything of it leaves. */
async function recordUnsendable(
  { clock }: SenderPorts,
  { recorder, alarm }: ClaimedBatch,
  prepared: readonly Prepared[],
): Promise<Halt | undefined> {
  for (const message of prepared) {
    if (message.kind !== 'ready') recorder.record(message.recipient, message.outcome, clock.now())
  }
  const refused = prepared.filter(message => message.kind === 'refused')
  if (refused.length === 0) return undefined
  await alarm.raise(refused.map(({ recipient, outcome }) => ({ ...findingOf(outcome), recipientKey: recipient.key })))
  return { kind: 'leak' }
}

function countMetrics({ metrics, clock }: SenderPorts, { claim }: ClaimedBatch, recorder: OutcomeRecorder): void {
  const before = claim.row
  const { tally, throttles, idleMs, heldMs } = recorder.progress(clock.now())
  metrics.count('Accepted', tally.accepted - before.tally.accepted)
  metrics.count('Failed', tally.failed - before.tally.failed)
  metrics.count('InDoubt', recorder.inDoubt())
  metrics.count('SesThrottles', throttles - before.throttles)
  metrics.count('SenderIdle', idleMs - before.idleMs)
  metrics.count('SenderHeld', heldMs - before.heldMs)
  // Now: an alarm is not to wait for the other batches of the call, which may take minutes.
  metrics.flush()
}
