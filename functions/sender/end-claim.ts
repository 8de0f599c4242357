import type { BatchPointer } from '../batch-queue/batch-queue.ts'
import { completeNotice } from '../ledger/complete-notice.ts'
import { countsOf, subtractTallies } from '../ledger/counts.ts'
import type { BatchProgress, ClaimResult } from '../ledger/ledger-store.ts'
import { mayStillChange, recountBatch } from '../ledger/recount.ts'
import type { Tally } from '../notice/notice.ts'
import { assertNever } from '../runtime/assert-never.ts'
import { accountForStop } from './call-times.ts'
import type { Halt } from './halt.ts'
import type { LeakAlarm } from './leak-alarm.ts'
import type { Lease } from './lease.ts'
import type { NoticeWatch } from './notice-watch.ts'
import type { OutcomeRecorder } from './outcome-recorder.ts'
import type { SenderPorts } from './ports.ts'

/** A batch in a sender's hands. */
export interface ClaimedBatch {
  readonly pointer: BatchPointer
  readonly claim: Extract<ClaimResult, { kind: 'claimed' }>
  readonly lease: Lease
  readonly recorder: OutcomeRecorder
  readonly watch: NoticeWatch
  readonly alarm: LeakAlarm
}

/** How long a batch waits when SES takes nothing for a while: the daily quota is used up, or its answers get lost. */
const HOLD_SECONDS = 60

/** How long a batch waits whose lane has no slots to give: a round of the dispatcher, which grants the rates. */
const NO_SLOT_SECONDS = 5

/**
 * Ends a claim whose outcomes are written: done, or given back at the time from which it makes sense to claim it again. Where
 * nobody else would bring the pointer then, the sender queues it with that delay.
 */
export async function endClaim(ports: SenderPorts, batch: ClaimedBatch, halt: Halt | undefined): Promise<void> {
  const { log, settings } = ports
  const inDoubt = batch.recorder.inDoubt() > 0
  const settleSeconds = inDoubt ? settings.settleDelayMs / 1000 : 0
  switch (halt?.kind) {
    case undefined:
      return inDoubt ? giveBack(ports, batch, settleSeconds, 'comes again') : finish(ports, batch)
    case 'lease-lost':
      log.warn('Lost the lease of a batch to another sender', { ...batch.pointer })
      // What was recorded late may be news to whoever has finished the batch since.
      return recountBatch(ports, batch.pointer)
    case 'stopped':
    case 'leak':
      return giveBack(ports, batch, settleSeconds, 'waits for resume')
    case 'gives-way':
      return giveBack(ports, batch, settleSeconds, 'waits for its turn')
    case 'time-limit':
      return giveBack(ports, batch, settleSeconds, 'comes again')
    case 'no-slot':
      log.warn('A lane has no slots to give; its batch comes again', { ...batch.pointer })
      // Claimable at once: the dispatcher grants a lane nothing while all that is left of it is held back.
      return giveBack(ports, batch, settleSeconds, 'comes again', Math.max(settleSeconds, NO_SLOT_SECONDS))
    case 'unsure':
    case 'hold':
      return giveBack(ports, batch, Math.max(settleSeconds, HOLD_SECONDS), 'comes again')
    case 'refused':
      await stopRefused(ports, batch.pointer, halt)
      return giveBack(ports, batch, settleSeconds, 'waits for resume')
    default:
      return assertNever(halt)
  }
}

/** SES takes no message of this notice, or of none: stops it, or all, and calls a human. */
async function stopRefused(
  { notices, clock, log, metrics }: SenderPorts,
  pointer: BatchPointer,
  { everywhere, reason }: Extract<Halt, { kind: 'refused' }>,
): Promise<void> {
  const stopReason = { kind: 'ses', error: reason } as const
  if (everywhere) await notices.stopAll(stopReason, clock.now())
  else await notices.stop(pointer.noticeId, stopReason, clock.now())
  metrics.count('NoticesStoppedBySender', 1)
  log.error(everywhere ? 'SES refuses every notice; all were stopped' : 'SES refuses this notice, which was stopped', {
    ...pointer,
    reason,
  })
}

async function giveBack(
  ports: SenderPorts,
  batch: ClaimedBatch,
  waitSeconds: number,
  then: 'comes again' | 'waits for resume' | 'waits for its turn',
  comesAfterSeconds = waitSeconds,
): Promise<void> {
  const { ledger, queue, clock } = ports
  const { pointer, lease } = batch
  const progress = progressOf(batch, clock.now())
  await count(ports, batch, progress.tally)
  const { kind } = await ledger.release(lease.holder, progress, clock.now() + waitSeconds * 1000)
  if (kind !== 'changed') return takeBack(ports, batch, progress.tally)
  if (then === 'comes again') await queue.send([pointer], comesAfterSeconds)
}

/** Marks the batch done with its counts. Feedback that came meanwhile is in the facts, so they are summed instead. */
async function finish(ports: SenderPorts, claimed: ClaimedBatch): Promise<void> {
  const { notices, ledger, clock, log } = ports
  const { pointer, claim, lease } = claimed
  const { noticeId, batch, run } = pointer
  let progress = progressOf(claimed, clock.now())
  const counted = progress.tally
  await count(ports, claimed, counted)
  let { feedbackVersion } = claim.row
  for (;;) {
    const change = await ledger.finish(lease.holder, progress, feedbackVersion)
    if (change.kind === 'lost') {
      log.warn('Lost the lease of a batch when finishing it', { noticeId, batch })
      return takeBack(ports, claimed, counted)
    }
    if (change.kind === 'changed') break
    feedbackVersion = change.row.feedbackVersion
    progress = { ...progress, ...countsOf(await ledger.readFacts(noticeId, batch)) }
  }
  const notice = await notices.addToTally(noticeId, subtractTallies(progress.tally, counted), 1, clock.now())
  // An event that came between the claim and the end of the batch has settled a doubt, and found the batch not done.
  if (mayStillChange({ ...claim.row, ...progress })) await recountBatch(ports, pointer)
  await completeNotice(ports, { ...notice, run })
}

/**
 * Adds to the notice what the claim has brought, before the row has it: whoever replaces the notice's counts by the sum over
 * the rows in between makes them too small for a moment, and never too large.
 */
async function count({ notices, clock }: SenderPorts, { pointer, claim }: ClaimedBatch, tally: Tally): Promise<void> {
  await notices.addToTally(pointer.noticeId, subtractTallies(tally, claim.row.tally), 0, clock.now())
}

/** The batch is another's by now, so its row has nothing of this claim; what was recorded late may be news to it all the same. */
async function takeBack(ports: SenderPorts, { pointer, claim }: ClaimedBatch, tally: Tally): Promise<void> {
  const added = subtractTallies(claim.row.tally, tally)
  await ports.notices.addToTally(pointer.noticeId, added, 0, ports.clock.now())
  await recountBatch(ports, pointer)
}

/** What a batch has come to, and what it tells of a stop. */
function progressOf({ pointer, recorder, watch }: ClaimedBatch, nowMs: number): BatchProgress {
  const stoppedAtMs = watch.stoppedAtMs()
  const stop = stoppedAtMs === undefined ? undefined : accountForStop(recorder.calls, pointer.run, stoppedAtMs)
  return { ...recorder.progress(nowMs), stop }
}
