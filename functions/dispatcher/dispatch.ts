import * as z from 'zod'
import { createPasses, type Passes, type PassPorts } from './pass.ts'
import { ROUND_MS } from './share-rate.ts'

/** On demand: the notice whose run has just begun. The schedule's event names none. */
const wakeSchema = z.object({ noticeId: z.string() })

/**
 * It stays until after the minute in which the schedule calls again, so that a call that comes late, or a moment too early to
 * know of a notice, leaves the queue fed. No pass begins later than this.
 */
const LAST_ROUND_MS = 70_000

/**
 * The `dispatcher` function: grants the rate and feeds the queue, at once when woken and each minute, and then every few seconds
 * while a notice is being sent. Any number of them may run at once or end half-way: the next one finds the same truth, and one
 * leaves to another what it has just done.
 */
export function createDispatcherHandler(ports: PassPorts): (event: unknown) => Promise<void> {
  const passes = createPasses(ports)
  return async event => {
    const woken = wakeSchema.safeParse(event)
    try {
      await comeRound(ports, passes, woken.success ? woken.data.noticeId : undefined)
    } finally {
      ports.metrics.flush()
    }
  }
}

/** Comes again while there is reason to. A pass that fails is the next one's to repeat; the last one's failure is the call's. */
async function comeRound({ clock, metrics }: PassPorts, passes: Passes, noticeId: string | undefined): Promise<void> {
  const begunMs = clock.now()
  metrics.count('Heartbeat', 1)
  for (;;) {
    const passMs = clock.now()
    const pass = await passes.overAll(noticeId).then(
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
