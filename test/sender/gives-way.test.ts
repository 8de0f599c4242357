import { describe, expect, it } from 'vitest'
import { emptyTally } from '../../functions/notice/notice.ts'
import { patient, people, sendEverything, senderWorld, timesSent } from './sender-world.ts'

describe('The sender, when an urgent notice goes first', () => {
  it('drops a pointer of the notice that waits, and claims nothing', async () => {
    const world = await senderWorld()
    await world.letWait('urgent-notice')
    await world.clock.drive(world.sender()({ noticeId: world.noticeId, run: 1, batch: 0 }, patient))
    expect(world.calls).toEqual([])
    expect(world.queue.drain()).toEqual([])
    expect(await world.ledger.readBatch(world.noticeId, 0)).toBeUndefined()
  })

  it('drops a pointer from before its notice gave way, which comes when the dispatcher reckons with it no more', async () => {
    const world = await senderWorld()
    await world.letWait(undefined, { turn: 2 })
    for (const turn of [{}, { turn: 1 }, { turn: 3 }]) {
      await world.clock.drive(world.sender()({ noticeId: world.noticeId, run: 1, batch: 0, ...turn }, patient))
    }
    expect(await world.ledger.readBatch(world.noticeId, 0)).toBeUndefined()
    await world.clock.drive(world.sender()({ noticeId: world.noticeId, run: 1, batch: 0, turn: 2 }, patient))
    expect(await world.ledger.readBatch(world.noticeId, 0)).toMatchObject({ state: 'done' })
  })

  it('goes on with a notice for whose rest the daily quota has no room: what is queued fits', async () => {
    const world = await senderWorld()
    await world.letWait('daily-quota')
    await sendEverything(world)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 250 } })
  })

  it('does not heed what an earlier run waited for', async () => {
    const world = await senderWorld()
    await world.letWait('urgent-notice')
    await world.notices.stop(world.noticeId, { kind: 'operator', by: 'ada' }, world.clock.now())
    const { pace } = await world.read()
    await world.notices.resume(world.noticeId, { by: 'ada', pace }, world.clock.now())
    await sendEverything(world)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 250 } })
  })

  it.each([
    ['once its slots of two seconds are used up, while it sends', 50, 1_730, 3_000],
    ['at once, while it waits for its first slot', 50, 0, 1_000],
    ['within a second, while it waits for a slot that is far away', 0.2, 1_730, 1_000],
  ])('gives its batch back %s', async (_, ratePerSecond, afterMs, withinMs) => {
    const world = await senderWorld({ ratePerSecond })
    let sinceMs = 0
    const urgency = async () => {
      await world.clock.sleep(afterMs)
      await world.letWait('urgent-notice')
      sinceMs = world.clock.now()
    }
    await Promise.all([sendEverything(world), urgency()])
    const before = world.calls.length
    expect(before).toBeLessThan(250)
    expect(Math.max(0, ...world.calls.map(({ atMs }) => atMs))).toBeLessThan(sinceMs + withinMs)
    expect(world.clock.now()).toBeLessThan(sinceMs + withinMs + 200)
    expect((await world.read()).tally).toEqual({ ...emptyTally, accepted: before })
    for (const row of await Array.fromAsync(world.ledger.readBatches(world.noticeId))) {
      expect(row.state).not.toBe('leased')
      expect(row.stop).toBeUndefined()
      expect(row.claimableAtMs).toBeLessThanOrEqual(world.clock.now())
    }
    // The dispatcher feeds it again, when it is its turn.
    await world.letWait(undefined)
    await world.ports.pacerOf(undefined).grant(500)
    await sendEverything(world)
    expect(timesSent(world.calls).size).toBe(250)
    expect(world.calls).toHaveLength(250)
    expect(await world.read()).toMatchObject({ state: 'finished', run: 1, tally: { accepted: 250 } })
  })

  it('lets whoever is in doubt settle before the batch may be claimed again', async () => {
    const world = await senderWorld({
      recipients: people(100),
      ratePerSecond: 20,
      answer: (_, index) =>
        index === 5 ? { kind: 'in-doubt', reason: 'no answer came' } : { kind: 'accepted', messageId: `m-${index}` },
    })
    const urgency = async () => {
      await world.clock.sleep(900)
      await world.letWait('urgent-notice')
    }
    await Promise.all([sendEverything(world), urgency()])
    const row = await world.ledger.readBatch(world.noticeId, 0)
    expect(row).toMatchObject({ state: 'open', tally: { inDoubt: 1 } })
    expect(row?.claimableAtMs).toBeGreaterThan(world.clock.now() + 59_000)
    expect(world.queue.drain()).toEqual([])
  })

  it('tells of a stop that comes while it gives its batch back', async () => {
    const world = await senderWorld({ recipients: people(100), ratePerSecond: 20, latencyMs: () => 900 })
    const urgency = async () => {
      await world.clock.sleep(1_200)
      await world.letWait('urgent-notice')
      await world.clock.sleep(900)
      await world.notices.stop(world.noticeId, { kind: 'operator', by: 'ada' }, world.clock.now())
    }
    await Promise.all([sendEverything(world), urgency()])
    const row = await world.ledger.readBatch(world.noticeId, 0)
    expect(row).toMatchObject({ state: 'open', stop: { run: 1, after: 0 } })
    expect(row?.stop?.inFlight).toBeGreaterThan(0)
  })
})
