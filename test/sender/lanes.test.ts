import { describe, expect, it } from 'vitest'
import { createSenderHandler } from '../../functions/sender/receive-batches.ts'
import { sqsEvent } from '../feedback/events.ts'
import { patient, people, sendEverything, senderWorld, timesSent } from './sender-world.ts'

const context = { getRemainingTimeInMillis: () => 300_000 }
const slow = '163.com'

type World = Awaited<ReturnType<typeof senderWorld>>

/** The calls of a batch, in the order of time. */
function callsOf({ calls }: World, batch: number) {
  const of = (tags: readonly { Name: string; Value: string }[]) => tags.find(({ Name }) => Name === 'batch')?.Value
  return calls.filter(({ request }) => of(request.EmailTags) === String(batch))
}

function pointers(world: World, lanes: readonly (string | undefined)[]) {
  return sqsEvent(lanes.map((lane, batch) => JSON.stringify({ noticeId: world.noticeId, run: 1, batch, lane })))
}

describe('The sender and its lanes', () => {
  it('takes the slots of a batch from the pacer of its lane, whatever the pointer says', async () => {
    for (const hint of [slow, undefined]) {
      const world = await senderWorld({ recipients: people(200), lanes: [slow], laneRates: { [slow]: 5 } })
      const startedMs = world.clock.now()
      await world.clock.drive(createSenderHandler(world.ports)(pointers(world, [hint, undefined]), context))
      const starts = callsOf(world, 0).map(({ atMs }) => atMs)
      expect(starts).toHaveLength(100)
      for (const [index, atMs] of starts.slice(1).entries()) expect(atMs - (starts[index] ?? 0)).toBeGreaterThan(199)
      const rest = callsOf(world, 1)
      expect(rest).toHaveLength(100)
      expect(Math.max(...rest.map(({ atMs }) => atMs)) - startedMs).toBeLessThan(400)
    }
  })

  it('holds no other lane up, and no batch of the main one, wherever the slow ones lie in the event', async () => {
    const lanes = [slow, undefined, slow, 'yahoo.*', undefined, undefined]
    const world = await senderWorld({
      recipients: people(600),
      ratePerSecond: 500,
      lanes,
      laneRates: { [slow]: 2, 'yahoo.*': 50 },
    })
    const startedMs = world.clock.now()
    const answer = await world.clock.drive(createSenderHandler(world.ports)(pointers(world, lanes), context))
    const lastMs = (batch: number) => Math.max(...callsOf(world, batch).map(({ atMs }) => atMs)) - startedMs
    expect(Math.max(...[1, 4, 5].map(lastMs))).toBeLessThan(900)
    expect(lastMs(3)).toBeLessThan(2_300)
    expect(Math.max(lastMs(0), lastMs(2))).toBeGreaterThan(99_000)
    expect(answer).toEqual({ batchItemFailures: [] })
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 600 } })
  })

  it('reports only the batches that failed, each lane for itself, and writes the metrics as each is over', async () => {
    const world = await senderWorld({
      recipients: people(300),
      lanes: [slow],
      laneRates: { [slow]: 50, 'yahoo.*': 50 },
      pacer: (pacer, lane) => ({
        ...pacer,
        reserve: needed => (lane === slow ? Promise.reject(new Error('The table fails')) : pacer.reserve(needed)),
      }),
    })
    const flushed: number[] = []
    const metrics = { ...world.ports.metrics, flush: () => void flushed.push(world.calls.length) }
    const handle = createSenderHandler({ ...world.ports, metrics })
    const answer = await world.clock.drive(handle(pointers(world, [slow, undefined, undefined]), context))
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'id-0' }] })
    expect(flushed.at(-1)).toBe(200)
    expect(flushed.length).toBeGreaterThan(1)
  })

  it('slows the lane and the main lane when SES throttles', async () => {
    const slowed: (string | undefined)[] = []
    const world = await senderWorld({
      recipients: people(200),
      lanes: [slow],
      laneRates: { [slow]: 50 },
      // The first of each batch, once.
      answer: (_, index) =>
        index === 0 || index === 101
          ? { kind: 'throttled', reason: 'Maximum sending rate exceeded.' }
          : { kind: 'accepted', messageId: `m-${index}` },
      pacer: (pacer, lane) => ({
        ...pacer,
        throttled: () => {
          slowed.push(lane)
          return pacer.throttled()
        },
      }),
    })
    const send = world.sender()
    await world.clock.drive(send({ noticeId: world.noticeId, run: 1, batch: 0, lane: slow }, patient))
    expect(slowed).toEqual([slow, undefined])
    await world.clock.drive(send({ noticeId: world.noticeId, run: 1, batch: 1 }, patient))
    expect(slowed).toEqual([slow, undefined, undefined])
  })

  it('tries a batch again soon whose lane has no rate yet, and fails no record for it', async () => {
    const world = await senderWorld({ recipients: people(200), lanes: [slow] })
    const handle = createSenderHandler(world.ports)
    expect(await world.clock.drive(handle(pointers(world, [slow]), context))).toEqual({ batchItemFailures: [] })
    const pointer = { noticeId: world.noticeId, run: 1, batch: 0, lane: slow }
    expect(world.queue.drain()).toEqual([{ ...pointer, delaySeconds: 5 }])
    const row = await world.ledger.readBatch(world.noticeId, 0)
    expect(row).toMatchObject({ state: 'open', begun: 0 })
    // Or the dispatcher, which comes by as often, would always find the whole lane held back, and grant it nothing.
    expect(row?.claimableAtMs).toBeLessThanOrEqual(world.clock.now())
    const dispatcher = async () => {
      await world.clock.sleep(12_000)
      await world.ports.pacerOf(slow).grant(50)
    }
    await Promise.all([sendEverything(world), dispatcher()])
    expect(timesSent(world.calls).size).toBe(200)
    expect(world.calls).toHaveLength(200)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 200 } })
  })

  it('keeps no batch of a lane that is as good as closed, and sends it as soon as that has its rate', async () => {
    const world = await senderWorld({ recipients: people(10), lanes: [slow], laneRates: { [slow]: 0.001 } })
    const openedMs = world.clock.now() + 30_000
    const dispatcher = async () => {
      await world.clock.sleep(30_000)
      await world.ports.pacerOf(slow).grant(50)
    }
    await Promise.all([sendEverything(world), dispatcher()])
    const starts = world.calls.map(({ atMs }) => atMs)
    expect(starts).toHaveLength(10)
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(openedMs)
    expect(Math.max(...starts)).toBeLessThan(openedMs + 6_000)
  })

  it('queues a pointer again with its lane, whatever the reason', async () => {
    const world = await senderWorld({ recipients: people(100), lanes: [slow], laneRates: { [slow]: 2 } })
    const pointer = { noticeId: world.noticeId, run: 1, batch: 0, lane: slow }
    const send = world.sender()
    const nowMs = world.clock.now()
    await world.clock.drive(send(pointer, { deadlineMs: nowMs }))
    await world.clock.drive(send({ ...pointer, lane: undefined }, { deadlineMs: nowMs + 4_000 }))
    const claim = { ...pointer, retryRun: undefined, size: 100, owner: 'other', nowMs: world.clock.now() }
    await world.ledger.claim({ ...claim, leaseMs: 15_000, settleDelayMs: 60_000 })
    await world.clock.drive(send(pointer, patient))
    const queued = world.queue.drain()
    expect(queued).toHaveLength(3)
    expect(queued.map(({ lane }) => lane)).toEqual([slow, slow, slow])
  })
})
