import { describe, expect, it } from 'vitest'
import { createSenderHandler } from '../../functions/sender/receive-batches.ts'
import { sqsEvent } from '../feedback/events.ts'
import { people, senderWorld } from './sender-world.ts'

const context = { getRemainingTimeInMillis: () => 300_000 }

describe('The sender behind its queue', () => {
  it('sends every batch of an event, and gets the next ready while the last uses its slots', async () => {
    const world = await senderWorld({ recipients: people(500), ratePerSecond: 500, latencyMs: () => 900 })
    const pointers = Array.from({ length: 5 }, (_, batch) =>
      JSON.stringify({ noticeId: world.noticeId, run: 1, batch }),
    )
    const startedMs = world.clock.now()
    const answer = await world.clock.drive(createSenderHandler(world.ports)(sqsEvent(pointers), context))
    expect(answer).toEqual({ batchItemFailures: [] })
    expect(new Set(world.calls.map(({ to }) => to)).size).toBe(500)
    // One second of slots and one answer; one batch after the other would take five answers.
    expect(world.clock.now() - startedMs).toBeLessThan(2_100)
  })

  it('reserves no further ahead than the window in use and the one after it', async () => {
    const world = await senderWorld({ recipients: people(1000), ratePerSecond: 400 })
    let furthestMs = 0
    const { pacerOf, clock } = world.ports
    const reserve = async (needed: number) => {
      const window = await pacerOf(undefined).reserve(needed)
      const endMs = (window.startUs + window.slots * window.intervalUs) / 1000
      furthestMs = Math.max(furthestMs, endMs - clock.now())
      return window
    }
    const pointers = Array.from({ length: 10 }, (_, batch) =>
      JSON.stringify({ noticeId: world.noticeId, run: 1, batch }),
    )
    const handle = createSenderHandler({ ...world.ports, pacerOf: lane => ({ ...pacerOf(lane), reserve }) })
    await world.clock.drive(handle(sqsEvent(pointers), context))
    expect(new Set(world.calls.map(({ to }) => to)).size).toBe(1000)
    expect(furthestMs).toBeLessThanOrEqual(500)
  })

  it('reports only the batches that failed', async () => {
    const world = await senderWorld({ recipients: people(200) })
    const pointer = (batch: number) => JSON.stringify({ noticeId: world.noticeId, run: 1, batch })
    const event = sqsEvent([pointer(0), 'not a pointer', pointer(99), pointer(1)])
    const answer = await world.clock.drive(createSenderHandler(world.ports)(event, context))
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'id-1' }, { itemIdentifier: 'id-2' }] })
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 200 } })
  })

  it('puts back at once what there is no time for', async () => {
    const world = await senderWorld({ recipients: people(300), ratePerSecond: 10 })
    const pointers = [0, 1, 2].map(batch => JSON.stringify({ noticeId: world.noticeId, run: 1, batch }))
    const short = { getRemainingTimeInMillis: () => 30_000 }
    const answer = await world.clock.drive(createSenderHandler(world.ports)(sqsEvent(pointers), short))
    expect(answer).toEqual({ batchItemFailures: [] })
    expect(world.queue.drain().map(({ batch }) => batch)).toEqual([0, 1, 2])
    expect(await world.ledger.readBatch(world.noticeId, 2)).toBeUndefined()
  })
})
