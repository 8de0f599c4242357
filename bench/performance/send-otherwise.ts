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
  const { scheduler, limit } = sending
  const startedMs = scheduler.now()
  const work: Work = { ...sending, left: sending.recipients, invokedMs: 0 }
  const together = (count: number, send: (number: number) => Promise<void>) =>
    Promise.all(Array.from({ length: count }, (_, number) => send(number)))

  switch (way.kind) {
    case 'one-at-a-time':
      while (work.left-- > 0) await sendUntilAccepted(work)
      return scheduler.now() - startedMs
    case 'fixed-share':
    case 'fixed-share-batches': {
      const send = way.kind === 'fixed-share' ? sendOneByOne : sendInBatches
      await together(way.senders, () => send(work, (way.senders * 1000) / limit.ratePerSecond()))
      return way.senders * (scheduler.now() - startedMs)
    }
    case 'padded-second':
      await together(way.concurrency, number => sendBySeconds(work, number))
      return work.invokedMs
  }
}

interface Work extends OtherSending {
  /** Recipients whom nobody has taken yet. */
  left: number
  invokedMs: number
}

async function sendOneByOne(work: Work, intervalMs: number): Promise<void> {
  const { scheduler, random } = work
  let dueMs = scheduler.now() + random.next() * intervalMs
  while (work.left-- > 0) {
    await sleep(work, Math.max(0, dueMs - scheduler.now()))
    await sendUntilAccepted(work)
    dueMs = Math.max(dueMs + intervalMs, scheduler.now())
  }
}

async function sendInBatches(work: Work, intervalMs: number): Promise<void> {
  const { scheduler, random } = work
  await sleep(work, random.next() * intervalMs)
  while (work.left > 0) {
    const size = Math.min(BATCH, work.left)
    work.left -= size
    await sleep(work, FETCH_MS)
    const begunMs = scheduler.now()
    const calls: Promise<void>[] = []
    for (let message = 0; message < size; message++) {
      await sleep(work, begunMs + message * intervalMs - scheduler.now())
      calls.push(sendUntilAccepted(work))
    }
    await Promise.all(calls)
  }
}

async function sendBySeconds(work: Work, number: number): Promise<void> {
  const { scheduler, random } = work
  await sleep(work, mayBeginAfterMs(number) + random.between(...BETWEEN_INVOCATIONS_MS))
  while (work.left > 0) {
    work.left--
    const begunMs = scheduler.now()
    // A message that was throttled goes back to the queue, for another invocation.
    if (!(await call(work))) work.left++
    await sleep(work, Math.max(0, begunMs + 1000 - scheduler.now()))
    work.invokedMs += scheduler.now() - begunMs
    await sleep(work, random.between(...BETWEEN_INVOCATIONS_MS))
  }
}

async function sendUntilAccepted(work: Work): Promise<void> {
  while (!(await call(work))) await sleep(work, THROTTLED_PAUSE_MS)
}

/** Whether SES has accepted the message, once its answer is there. */
function call({ scheduler, random, limit }: Work): Promise<boolean> {
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

function sleep({ scheduler }: Work, durationMs: number): Promise<void> {
  return new Promise(wake =>
    scheduler.after(durationMs, () => {
      wake()
      return undefined
    }),
  )
}
