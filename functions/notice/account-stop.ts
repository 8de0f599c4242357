import * as z from 'zod'
import { recorded } from './history.ts'
import { type Notice, plainStopReasonSchema, whyStopped } from './notice.ts'

/**
 * One item for the whole account: every notice that was started under an older generation is stopped by it, also one that a
 * list does not show yet. Its writer needs no list of notices, so stopping all is one write.
 */
export const accountStopSchema = z.strictObject({
  /** Raised by each stop of all. A notice records it when it is started, resumed or retried. */
  generation: z.number().int().nonnegative(),
  atMs: z.number(),
  reason: plainStopReasonSchema,
})
export type AccountStop = z.infer<typeof accountStopSchema>

/** The notice as it is: what its own item says, unless all were stopped since it was started. */
export function underAccountStop(notice: Notice, stop: AccountStop | undefined): Notice {
  if (stop === undefined || notice.state !== 'sending' || notice.generation >= stop.generation) return notice
  const { atMs, reason } = stop
  const history = recorded(notice.history, { action: 'stop-all', atMs, run: notice.run, ...whyStopped(reason) })
  return { ...notice, state: 'stopped', stoppedAtMs: atMs, stopReason: reason, history }
}
