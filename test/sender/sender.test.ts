import { describe, expect, it } from 'vitest'
import { addStop, emptyStopSum } from '../../functions/ledger/batch.ts'
import { emptyTally } from '../../functions/notice/notice.ts'
import { draftNotice, usualOrder } from '../memory/sample-notice.ts'
import { patient, people, sendEverything, senderWorld, timesSent } from './sender-world.ts'

describe('The sender', () => {
  it('sends to every recipient once, alone, and accounts for each', async () => {
    const world = await senderWorld()
    await sendEverything(world)
    expect([...timesSent(world.calls).keys()].sort()).toEqual(world.recipients.map(({ address }) => address).sort())
    expect(world.calls).toHaveLength(250)
    expect(world.calls.every(({ request }) => request.Destination.ToAddresses.length === 1)).toBe(true)
    expect(await world.read()).toMatchObject({ state: 'finished', batchesDone: 3, tally: { accepted: 250, failed: 0 } })
  })

  it('starts no call before its slot, and no two at once', async () => {
    const world = await senderWorld({ ratePerSecond: 100 })
    await sendEverything(world, 6)
    const starts = world.calls.map(({ atMs }) => atMs).sort((a, b) => a - b)
    for (let index = 1; index < starts.length; index++) {
      expect((starts[index] ?? 0) - (starts[index - 1] ?? 0)).toBeGreaterThanOrEqual(10 - 0.001)
    }
  })

  it('sends nobody a second message when a pointer comes twice, at once or later', async () => {
    const world = await senderWorld()
    const pointer = { noticeId: world.noticeId, run: 1, batch: 0 }
    const [a, b] = [world.sender(), world.sender()]
    await world.clock.drive(Promise.all([a(pointer, patient), b(pointer, patient)]))
    await world.clock.drive(b(pointer, patient))
    expect(world.calls).toHaveLength(100)
    expect(timesSent(world.calls).size).toBe(100)
  })

  it('does not take the cached count of batches for the truth', async () => {
    const world = await senderWorld()
    await world.notices.addToTally(world.noticeId, emptyTally, 2, world.clock.now())
    await world.clock.drive(world.sender()({ noticeId: world.noticeId, run: 1, batch: 0 }, patient))
    expect(await world.read()).toMatchObject({ state: 'sending', batchesDone: 3, tally: { accepted: 100 } })
  })

  it('writes outcomes in groups so small that a crash leaves few in doubt', async () => {
    const groups: number[] = []
    const world = await senderWorld({
      recipients: people(100),
      ledger: ledger => ({
        ...ledger,
        putFacts: async facts => {
          groups.push(facts.length)
          return ledger.putFacts(facts)
        },
      }),
    })
    await sendEverything(world)
    expect(Math.max(...groups)).toBeLessThanOrEqual(25)
  })

  it('drops a pointer of an older run', async () => {
    const world = await senderWorld()
    await world.notices.stop(world.noticeId, { kind: 'operator', by: 'ada' }, world.clock.now())
    await world.notices.resume(world.noticeId, usualOrder, world.clock.now())
    await world.clock.drive(world.sender()({ noticeId: world.noticeId, run: 1, batch: 0 }, patient))
    expect(world.calls).toHaveLength(0)
    expect(world.queue.drain()).toEqual([])
  })

  it('starts no call later than one second after stop, and resumes exactly where it stopped', async () => {
    const world = await senderWorld({ ratePerSecond: 50 })
    let stoppedAtMs = 0
    const stop = async () => {
      await world.clock.sleep(1_730)
      await world.notices.stop(world.noticeId, { kind: 'operator', by: 'ada' }, world.clock.now())
      stoppedAtMs = world.clock.now()
    }
    await Promise.all([sendEverything(world), stop()])
    const before = world.calls.length
    expect(before).toBeGreaterThan(50)
    expect(before).toBeLessThan(250)
    expect(Math.max(...world.calls.map(({ atMs }) => atMs))).toBeLessThan(stoppedAtMs + 1_000)
    expect((await world.read()).tally).toEqual({ ...emptyTally, accepted: before })
    await world.notices.resume(world.noticeId, usualOrder, world.clock.now())
    await sendEverything(world)
    expect(world.calls).toHaveLength(250)
    expect(timesSent(world.calls).size).toBe(250)
    expect(await world.read()).toMatchObject({ state: 'finished', run: 2, tally: { accepted: 250 } })
    expect(world.mostCounted()).toBe(250)
  })

  it('tells how many calls were in flight at a stop, and how many began after it', async () => {
    const world = await senderWorld({ ratePerSecond: 50, latencyMs: () => 300 })
    let stoppedAtMs = 0
    const stop = async () => {
      await world.clock.sleep(1_730)
      stoppedAtMs = world.clock.now()
      await world.notices.stop(world.noticeId, { kind: 'operator', by: 'ada' }, stoppedAtMs)
    }
    await Promise.all([sendEverything(world), stop()])
    const after = world.calls.filter(({ atMs }) => atMs > stoppedAtMs)
    const inFlight = world.calls.filter(({ atMs }) => atMs <= stoppedAtMs && atMs + 300 > stoppedAtMs)
    const rows = await Array.fromAsync(world.ledger.readBatches(world.noticeId))
    const told = rows.reduce((sum, row) => addStop(sum, row, 1), emptyStopSum)
    expect(told).toMatchObject({ inFlight: inFlight.length, after: after.length, batchesUnreported: 0 })
    expect(inFlight.length).toBeGreaterThan(10)
    expect(told.lastCallAfterMs).toBe(Math.round(Math.max(...after.map(({ atMs }) => atMs)) - stoppedAtMs))
  })

  it('tells of a stop also from a batch that was over before it saw it', async () => {
    const world = await senderWorld({ recipients: people(100), ratePerSecond: 100 })
    const stop = async () => {
      await world.clock.sleep(900)
      await world.notices.stop(world.noticeId, { kind: 'operator', by: 'ada' }, world.clock.now())
    }
    await Promise.all([sendEverything(world), stop()])
    const row = await world.ledger.readBatch(world.noticeId, 0)
    expect(row).toMatchObject({ state: 'done', stop: { run: 1, inFlight: 8 } })
    expect(row?.stop?.after).toBeGreaterThan(5)
  })

  it('starts no call later than one second after a stop of all notices', async () => {
    const world = await senderWorld({ ratePerSecond: 50 })
    let stoppedAtMs = 0
    const stopAll = async () => {
      await world.clock.sleep(1_730)
      await world.notices.stopAll({ kind: 'operator', by: 'ada' }, world.clock.now())
      stoppedAtMs = world.clock.now()
    }
    await Promise.all([sendEverything(world), stopAll()])
    expect(world.calls.length).toBeLessThan(250)
    expect(Math.max(...world.calls.map(({ atMs }) => atMs))).toBeLessThan(stoppedAtMs + 1_000)
    await world.notices.resume(world.noticeId, usualOrder, world.clock.now())
    await sendEverything(world)
    expect(timesSent(world.calls).size).toBe(250)
    expect(world.calls).toHaveLength(250)
  })

  it('stops every notice when SES says that it takes none', async () => {
    const reason = 'SendingPausedException: paused'
    const world = await senderWorld({ answer: () => ({ kind: 'stop-all', reason }) })
    const other = draftNotice({ noticeId: 'n-other', state: 'sending', run: 1 })
    await world.notices.create(other)
    await sendEverything(world)
    const stopped = { state: 'stopped', stopReason: { kind: 'ses', error: reason } }
    expect(await world.read()).toMatchObject(stopped)
    expect(await world.notices.read('n-other')).toMatchObject(stopped)
  })

  it('retries whoever failed for a passing reason, and nobody else', async () => {
    const failing = {
      'customer-3@example.com': 'recipient-failed-for-now',
      'customer-4@example.com': 'recipient-failed',
    } as const
    const kinds = new Map<string, (typeof failing)[keyof typeof failing]>(Object.entries(failing))
    const world = await senderWorld({
      answer: ({ to }, index) => {
        const kind = kinds.get(to)
        return kind === undefined ? { kind: 'accepted', messageId: `m-${index}` } : { kind, reason: 'no' }
      },
    })
    await sendEverything(world)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 248, failed: 2 } })
    kinds.clear()
    await world.notices.retry(world.noticeId, usualOrder, world.clock.now())
    await sendEverything(world)
    expect(world.calls.slice(250).map(({ to }) => to)).toEqual(['customer-3@example.com'])
    expect(await world.read()).toMatchObject({ state: 'finished', run: 2, tally: { accepted: 249, failed: 1 } })
  })

  it('does not send while it cannot read whether the notice is still being sent', async () => {
    let readable = true
    const world = await senderWorld({
      ratePerSecond: 50,
      notices: notices => ({
        ...notices,
        read: async noticeId => {
          if (!readable) throw new Error('The table does not answer')
          return notices.read(noticeId)
        },
      }),
    })
    const goneMs = world.clock.now() + 500
    const outage = async () => {
      await world.clock.sleep(500)
      readable = false
      await world.clock.sleep(10_000)
      readable = true
    }
    await Promise.all([sendEverything(world), outage()])
    const during = world.calls.filter(({ atMs }) => atMs > goneMs + 1_000 && atMs < goneMs + 10_000)
    expect(during).toEqual([])
    expect(timesSent(world.calls).size).toBe(250)
  })

  it('gives a throttled message a new slot, slows down, and loses and repeats nobody', async () => {
    const world = await senderWorld({
      answer: (_, index) =>
        index < 40
          ? { kind: 'throttled', reason: 'Maximum sending rate exceeded.' }
          : { kind: 'accepted', messageId: `m-${index}` },
    })
    await sendEverything(world)
    expect(world.calls).toHaveLength(290)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 250 } })
    expect(world.counted.get('SesThrottles')).toBe(40)
  })

  it('gives a throttled message the next slot, before those behind it', async () => {
    const world = await senderWorld({
      recipients: people(100),
      ratePerSecond: 50,
      answer: (_, index) =>
        index === 10
          ? { kind: 'throttled', reason: 'Maximum sending rate exceeded.' }
          : { kind: 'accepted', messageId: `m-${index}` },
    })
    await sendEverything(world)
    const again = world.calls.findLastIndex(({ to }) => to === world.calls[10]?.to)
    // Its answer takes 80 ms, four slots.
    expect(again).toBeGreaterThan(10)
    expect(again).toBeLessThanOrEqual(15)
    expect(timesSent(world.calls).size).toBe(100)
  })

  it('records who failed for a reason of their own, and goes on with the others', async () => {
    const world = await senderWorld({
      answer: ({ to }, index) =>
        to.startsWith('customer-7@')
          ? { kind: 'recipient-failed', reason: 'BadRequestException: Illegal address' }
          : { kind: 'accepted', messageId: `m-${index}` },
    })
    await sendEverything(world)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 249, failed: 1 } })
  })

  it('stops the notice when SES would accept none of it', async () => {
    const world = await senderWorld({ answer: () => ({ kind: 'stop-all', reason: 'SendingPausedException: paused' }) })
    await sendEverything(world)
    expect(await world.read()).toMatchObject({ state: 'stopped', stopReason: { kind: 'ses' }, tally: { failed: 0 } })
    expect(world.counted.get('NoticesStoppedBySender')).toBeGreaterThan(0)
  })

  it('waits when the daily quota is used up, and goes on when there is room', async () => {
    let full = true
    const world = await senderWorld({
      answer: (_, index) =>
        full
          ? { kind: 'hold', reason: 'Daily message quota exceeded.' }
          : { kind: 'accepted', messageId: `m-${index}` },
    })
    const room = async () => {
      await world.clock.sleep(150_000)
      full = false
    }
    await Promise.all([sendEverything(world), room()])
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 250 } })
  })

  it('gives its batch back before its time is up', async () => {
    const world = await senderWorld({ ratePerSecond: 10 })
    const send = world.sender()
    await world.clock.drive(
      send({ noticeId: world.noticeId, run: 1, batch: 0 }, { deadlineMs: world.clock.now() + 4_500 }),
    )
    expect(world.calls.length).toBeGreaterThan(20)
    expect(world.calls.length).toBeLessThan(40)
    expect(await world.ledger.readBatch(world.noticeId, 0)).toMatchObject({ state: 'open' })
    expect(world.queue.drain()).toMatchObject([{ batch: 0, run: 1, delaySeconds: 0 }])
  })
})
