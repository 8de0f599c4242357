import * as z from 'zod'
import { createPasses, type Passes, type PassPorts } from './pass.ts'

/** On demand: the notice whose run has just begun. The schedule's event names none. */
const wakeSchema = z.object({ noticeId: z.string() })

/** While a notice is being sent, the dispatcher comes round so often, or as often as leaves half of its time to others … */
const ROUND_MS = 5_000
/** … inside the minute after which the schedule calls again. No pass begins later than this. */
const LAST_ROUND_MS = 55_000

/**
 * The `dispatcher` function: makes the queue hold every batch that is not done, for one notice when woken and each minute for
 * all that are being sent, which it stays with for that minute. Any number of them may run at once or end half-way: the next
 * one finds the same truth.
 */
export function createDispatcherHandler(ports: PassPorts): (event: unknown) => Promise<void> {
  const passes = createPasses(ports)
  return async event => {
    const woken = wakeSchema.safeParse(event)
    try {
      if (woken.success) await passes.overNotice(woken.data.noticeId)
      else await comeRound(ports, passes)
    } finally {
      ports.metrics.flush()
    }
  }
}

/** Comes again while there is reason to. A pass that fails is the next one's to repeat; the last one's failure is the call's. */
async function comeRound({ clock, metrics }: PassPorts, passes: Passes): Promise<void> {
  const begunMs = clock.now()
  for (;;) {
    const passMs = clock.now()
    const pass = await passes.overAll().then(
      again => ({ again }),
      (error: unknown) => ({ again: true, error }),
    )
    // At once: an alarm is not to wait for the end of the minute.
    metrics.flush()
    const passedMs = clock.now() - passMs
    const nextMs = passMs + Math.max(ROUND_MS, 2 * passedMs)
    if (pass.again && nextMs - begunMs <= LAST_ROUND_MS) {
      await clock.sleep(nextMs - clock.now())
      continue
    }
    if ('error' in pass) throw pass.error
    return
  }
}
