import type { Scheduler } from '../../test/simulation/scheduler.ts'
import type { SeededRandom } from '../../test/simulation/seeded-random.ts'
import type { Way } from './cases.ts'
import { drawMs, latencies, wayToSes } from './latencies.ts'
import type { SesLimit } from './ses-limit.ts'
import { mayBeginAfterMs } from './slow-start.ts'

export interface OtherSending {
  readonly scheduler: Scheduler
  readonly random: SeededRandom
  readonly limit: SesLimit
  readonly recipients: number
}

/** Whoever is throttled waits so long and tries the same message again, for ever: nothing is lost, which is generous. */
const THROTTLED_PAUSE_MS = 1_000
const BATCH = 100
/** Between two batches, besides the answers: to fetch the next one. */
const FETCH_MS = 30
/** From the end of an invocation to the next: the queue's poll and the start. */
const BETWEEN_INVOCATIONS_MS = [4, 15] as const

/** Sends as others do, against the same limit and the same latency. Gives the time that Lambda would bill. */
export async function sendOtherwise(way: Exclude<Way, { kind: 'onlyto' }>, sending: OtherSending): Promise<number> {
  const { scheduler, random, limit } = sending
  const startedMs = scheduler.now()
  let left = sending.recipients

  const sleep = (durationMs: number) =>
    new Promise<void>(wake =>
      scheduler.after(durationMs, () => {
        wake()
        return undefined
      }),
    )

  function call(): Promise<boolean> {
    return new Promise(answered =>
      scheduler.after(drawMs(wayToSes, random), () => {
        const accepted = limit.take()
        scheduler.after(drawMs(latencies.ses, random), () => {
          answered(accepted)
          return undefined
        })
        return false
      }),
    )
  }

  async function sendUntilAccepted(): Promise<void> {
    while (!(await call())) await sleep(THROTTLED_PAUSE_MS)
  }

  async function oneAtATime(): Promise<void> {
    while (left-- > 0) await sendUntilAccepted()
  }

  async function fixedShare(intervalMs: number): Promise<void> {
    let dueMs = scheduler.now() + random.next() * intervalMs
    while (left-- > 0) {
      await sleep(Math.max(0, dueMs - scheduler.now()))
      await sendUntilAccepted()
      dueMs = Math.max(dueMs + intervalMs, scheduler.now())
    }
  }

  async function fixedShareBatches(intervalMs: number): Promise<void> {
    await sleep(random.next() * intervalMs)
    while (left > 0) {
      const size = Math.min(BATCH, left)
      left -= size
      await sleep(FETCH_MS)
      const begunMs = scheduler.now()
      const calls: Promise<void>[] = []
      for (let message = 0; message < size; message++) {
        await sleep(begunMs + message * intervalMs - scheduler.now())
        calls.push(sendUntilAccepted())
      }
      await Promise.all(calls)
    }
  }

  let invokedMs = 0
  async function paddedSecond(number: number): Promise<void> {
    await sleep(mayBeginAfterMs(number) + random.between(...BETWEEN_INVOCATIONS_MS))
    while (left > 0) {
      left--
      const begunMs = scheduler.now()
      // A message that was throttled goes back to the queue, for another invocation.
      if (!(await call())) left++
      await sleep(Math.max(0, begunMs + 1000 - scheduler.now()))
      invokedMs += scheduler.now() - begunMs
      await sleep(random.between(...BETWEEN_INVOCATIONS_MS))
    }
  }

  const together = (count: number, work: (number: number) => Promise<void>) =>
    Promise.all(Array.from({ length: count }, (_, number) => work(number)))

  switch (way.kind) {
    case 'one-at-a-time':
      await oneAtATime()
      return scheduler.now() - startedMs
    case 'fixed-share':
    case 'fixed-share-batches': {
      const send = way.kind === 'fixed-share' ? fixedShare : fixedShareBatches
      await together(way.senders, () => send((way.senders * 1000) / limit.ratePerSecond()))
      return way.senders * (scheduler.now() - startedMs)
    }
    case 'padded-second':
      await together(way.concurrency, paddedSecond)
      return invokedMs
  }
}
