import fc from 'fast-check'
import { expect, it } from 'vitest'
import { enoughSenders } from '../../functions/pacer/concurrency.ts'
import { BATCHES_PER_CALL } from '../../functions/sender/concurrency.ts'
import { createSenderHandler } from '../../functions/sender/receive-batches.ts'
import { sqsEvent } from '../feedback/events.ts'
import { people, senderWorld } from './sender-world.ts'

it('enough senders grow with the rate and with the time that SES takes, and are never fewer than two', () => {
  const account = fc.record({ ratePerSecond: fc.integer({ min: 1, max: 5_000 }), slowestAnswerMs: fc.nat(5_000) })
  fc.assert(
    fc.property(account, fc.nat(1_000), (known, more) => {
      const senders = enoughSenders(known)
      expect(senders).toBeGreaterThanOrEqual(2)
      expect(enoughSenders({ ...known, ratePerSecond: known.ratePerSecond + more })).toBeGreaterThanOrEqual(senders)
      expect(enoughSenders({ ...known, slowestAnswerMs: known.slowestAnswerMs + more })).toBeGreaterThanOrEqual(senders)
    }),
  )
})

it.each([14, 100, 500, 1_000])('enough senders use the whole of %i a second', async ratePerSecond => {
  const world = await senderWorld({
    recipients: people(ratePerSecond < 100 ? 1_000 : 6_000),
    ratePerSecond,
    // One answer in twenty is slow.
    latencyMs: index => (index % 20 === 0 ? 400 : 80),
  })
  const waiting = Array.from({ length: world.batches }, (_, batch) =>
    JSON.stringify({ noticeId: world.noticeId, run: 1, batch }),
  )
  const work = async () => {
    const handle = createSenderHandler(world.ports)
    while (waiting.length > 0) {
      await handle(sqsEvent(waiting.splice(0, BATCHES_PER_CALL)), { getRemainingTimeInMillis: () => 3_600_000 })
      // What it takes until Lambda calls again.
      await world.clock.sleep(50)
    }
  }
  const senders = enoughSenders({ ratePerSecond, slowestAnswerMs: 400 })
  await world.clock.drive(Promise.all(Array.from({ length: senders }, work)))
  const starts = world.calls.map(({ atMs }) => atMs).sort((a, b) => a - b)
  const seconds = ((starts.at(-1) ?? 0) - (starts[0] ?? 0)) / 1000
  expect((starts.length - 1) / seconds / ratePerSecond).toBeGreaterThan(0.99)
  expect((starts.length - 1) / seconds / ratePerSecond).toBeLessThanOrEqual(1)
})
