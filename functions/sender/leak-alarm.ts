import type { BatchPointer } from '../batch-queue/batch-queue.ts'
import type { Finding } from '../leak-guard/rules.ts'
import type { BatchRow } from '../ledger/batch.ts'
import { type BatchCounts, rejectionsIn } from '../ledger/counts.ts'
import { foldDelivery } from '../ledger/fate.ts'
import { findingOf } from '../notice/history.ts'
import type { NoticeStore } from '../notice/notice-store.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import type { Metrics } from '../runtime/metrics.ts'
import type { BatchPlan } from './plan-batch.ts'

interface AlarmPorts {
  readonly notices: Pick<NoticeStore, 'stopLeaking'>
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

/** One message that the leak guard has refused. */
export interface Refusal extends Finding {
  readonly recipientKey: string
}

/** What one batch does about refusals; every batch of an execution environment hears of those of the others. */
export interface LeakAlarm {
  /** A message of this run was refused here: no call begins any more, whether the stop could be written or not. */
  raised(): boolean
  /**
   * Holds the run in this sender at once, and stops the notice: tries for as long as this sender has, and throws after that.
   * Who claims the batch then finds the refusals and raises the alarm again.
   */
  raise(refusals: readonly Refusal[], found?: Found): Promise<void>
  /** Tries once more to stop the notice, should that have failed for as long as a batch of this sender had. */
  repeat(): Promise<void>
}

/** Refusals that an earlier holder counted and logged, and may not have told: of the run that it had. */
export interface Found {
  readonly run: number
}

const PAUSES_MS = [50, 100, 200, 400]
/** Past the end of its sending time a sender still has this long to write the stop, before Lambda ends it. */
const LAST_TRY_MS = 15_000

/** The alarm of one execution environment, as each of its batches has it. */
export function leakAlarms({
  notices,
  clock,
  log,
  metrics,
}: AlarmPorts): (pointer: BatchPointer, deadlineMs: number) => LeakAlarm {
  /** By notice and run, with what is left to be done while the table does not know of it. */
  const held = new Map<string, ((deadlineMs: number) => Promise<void>) | undefined>()

  /** Tries again whatever fails: until the stop is written, other senders send. */
  async function stop(pointer: BatchPointer, refusal: Refusal, run: number, deadlineMs: number): Promise<void> {
    const { noticeId, batch } = pointer
    const leak = { ...findingOf(refusal), batch, recipientKey: refusal.recipientKey, run }
    for (let attempt = 0; ; attempt++) {
      try {
        const { kind } = await notices.stopLeaking(noticeId, leak, clock.now())
        if (kind === 'changed') {
          metrics.count('NoticesStoppedBySender', 1)
          log.error('The leak guard stopped the notice', { ...pointer, ...leak })
        }
        return
      } catch (error) {
        if (clock.now() >= deadlineMs + LAST_TRY_MS) throw error
        log.error(
          'The notice could not be stopped after a refusal by the leak guard; trying again',
          { ...pointer },
          error,
        )
        await clock.sleep(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? 0)
      }
    }
  }

  return (pointer, deadlineMs) => {
    const run = `${pointer.noticeId} ${pointer.run}`
    return {
      raised: () => held.has(run),
      repeat: async () => {
        await held.get(run)?.(deadlineMs)
        held.set(run, undefined)
      },
      raise: async (refusals, found) => {
        const [first] = refusals
        if (first === undefined) return
        if (found === undefined) {
          held.set(run, untilMs => stop(pointer, first, pointer.run, untilMs))
          metrics.count('LeakGuardRejections', refusals.length)
          // The alarm is not to wait for the end of a sender that may not see it.
          metrics.flush()
          for (const { recipientKey, ...refusal } of refusals) {
            log.error('The leak guard refused a message', { ...pointer, ...findingOf(refusal), recipientKey })
          }
        }
        await stop(pointer, first, found?.run ?? pointer.run, deadlineMs)
        if (found === undefined) held.set(run, undefined)
      },
    }
  }
}

/**
 * A holder that wrote down refusals, and died before it could stop the notice or give the batch back, has left more of them than
 * the row counts. They are told now; should they have been told, or accounted for since, that changes nothing.
 */
export function untoldRefusals({ known, counts }: BatchPlan, row: BatchRow): readonly Refusal[] {
  if (recipientsIn(counts) <= recipientsIn(row)) return []
  return [...known].flatMap(([recipientKey, facts]) => {
    const { refused } = foldDelivery(facts)
    return refused === undefined ? [] : [{ ...refused, recipientKey }]
  })
}

function recipientsIn(counts: BatchCounts): number {
  return rejectionsIn(counts).reduce((sum, { recipients }) => sum + recipients, 0)
}
