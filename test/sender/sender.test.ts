import { describe, expect, it } from 'vitest'
import { settled } from '../../functions/ledger/batch.ts'
import { emptyTally } from '../../functions/notice/notice.ts'
import type { Clock } from '../../functions/runtime/clock.ts'
import { SLOT_LATENESS_MS } from '../../functions/sender/ports.ts'
import { batchSender } from '../../functions/sender/send-batch.ts'
import { readyAudience } from '../memory/sample-notice.ts'
import { people, SETTLE_DELAY_MS, sendEverything, senderWorld } from './sender-world.ts'

/** A turn without an end. */
const patient = { deadlineMs: Number.POSITIVE_INFINITY }

const timesSent = (calls: readonly { to: string }[]) => Map.groupBy(calls, ({ to }) => to)

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
    await world.notices.resume(world.noticeId, world.clock.now())
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
    await world.notices.resume(world.noticeId, world.clock.now())
    await sendEverything(world)
    expect(world.calls).toHaveLength(250)
    expect(timesSent(world.calls).size).toBe(250)
    expect(await world.read()).toMatchObject({ state: 'finished', run: 2, tally: { accepted: 250 } })
    expect(world.mostCounted()).toBe(250)
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
      send({ noticeId: world.noticeId, run: 1, batch: 0 }, { deadlineMs: world.clock.now() + 3_000 }),
    )
    expect(world.calls.length).toBeGreaterThan(20)
    expect(world.calls.length).toBeLessThan(40)
    expect(await world.ledger.readBatch(world.noticeId, 0)).toMatchObject({ state: 'open' })
    expect(world.queue.drain()).toMatchObject([{ batch: 0, run: 1, delaySeconds: 0 }])
  })
})

describe('The sender, when SES may or may not have accepted', () => {
  const lostAnswer = { kind: 'in-doubt', reason: 'TimeoutError: no answer' } as const

  it('believes a SEND event, and sends nothing again', async () => {
    const world = await senderWorld({ recipients: people(100) })
    const lost: string[] = []
    const send = world.ports.mailer.send
    const losing = {
      ...world.ports.mailer,
      send: async (request: Parameters<typeof send>[0]) => {
        const answer = await send(request)
        if (lost.length >= 5) return answer
        lost.push(request.Destination.ToAddresses[0])
        return lostAnswer
      },
    }
    Object.assign(world.ports, { mailer: losing })
    await sendEverything(world)
    expect(lost).toHaveLength(5)
    expect(world.calls).toHaveLength(100)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 100, inDoubt: 0 } })
  })

  it('sends again, after the settle delay, to whom no event vouches for', async () => {
    const world = await senderWorld({
      recipients: people(100),
      answer: (_, index) => (index < 5 ? lostAnswer : { kind: 'accepted', messageId: `m-${index}` }),
    })
    await sendEverything(world)
    expect(world.calls).toHaveLength(105)
    expect((world.calls[100]?.atMs ?? 0) - (world.calls[99]?.atMs ?? 0)).toBeGreaterThanOrEqual(SETTLE_DELAY_MS)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 100, inDoubt: 0 } })
  })

  it('leaves them in doubt, recipient by recipient, where the notice says so', async () => {
    const world = await senderWorld({
      recipients: people(100),
      policy: 'leave',
      answer: (_, index) => (index < 5 ? lostAnswer : { kind: 'accepted', messageId: `m-${index}` }),
    })
    await sendEverything(world)
    expect(world.calls).toHaveLength(100)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 95, inDoubt: 5 } })
  })

  it('after a crash, leaves in doubt whom no event vouches for, where the notice says so', async () => {
    const world = await senderWorld({ recipients: people(100), policy: 'leave' })
    const claim = { noticeId: world.noticeId, run: 1, batch: 0, size: 100, owner: 'killed', nowMs: world.clock.now() }
    await world.ledger.claim({ ...claim, leaseMs: 30_000, settleDelayMs: SETTLE_DELAY_MS })
    await sendEverything(world)
    expect(world.calls).toEqual([])
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 0, inDoubt: 100 } })
  })

  it('counts what feedback told while the batch lay open', async () => {
    const world = await senderWorld({ recipients: people(100), ratePerSecond: 10 })
    const { noticeId } = world
    await world.clock.drive(world.sender()({ noticeId, run: 1, batch: 0 }, { deadlineMs: world.clock.now() + 3_000 }))
    const recipientKey = world.calls[0]?.recipientKey ?? ''
    const about = { noticeId, batch: 0, recipientKey, messageId: 'm-0', atMs: 1 }
    await world.ledger.putFacts([{ ...about, fact: 'bounce', detail: 'Permanent/OnAccountSuppressionList' }])
    await world.ledger.announceFeedback(noticeId, 0)
    await sendEverything(world)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 99, suppressed: 1 } })
  })

  it('stops asking SES when answer after answer is lost', async () => {
    const world = await senderWorld({ recipients: people(100), answer: () => lostAnswer, latencyMs: () => 1 })
    await world.clock.drive(world.sender()({ noticeId: world.noticeId, run: 1, batch: 0 }, patient))
    expect(world.calls.length).toBeLessThan(20)
  })

  it('after a crash, waits out the lease and the settle delay, then sends only to whom nothing is known of', async () => {
    let crashing = true
    const world = await senderWorld({
      recipients: people(100),
      ledger: ledger => ({
        ...ledger,
        putFacts: async facts => {
          if (crashing && facts.some(({ fact }) => fact === 'outcome')) throw new Error('killed')
          return ledger.putFacts(facts)
        },
      }),
      // Half of the SEND events are lost as well.
      events: false,
      answer: async (call, index) => {
        if (crashing && index % 2 === 0) await world.publishSend(call, `m-${index}`)
        return { kind: 'accepted', messageId: `m-${index}` }
      },
    })
    const pointer = { noticeId: world.noticeId, run: 1, batch: 0 }
    await expect(world.clock.drive(world.sender()(pointer, patient))).rejects.toThrow('killed')
    const first = world.calls.length
    crashing = false
    const crashedMs = world.clock.now()
    await sendEverything(world)
    const again = world.calls.slice(first)
    expect(again).toHaveLength(50)
    expect((again[0]?.atMs ?? 0) - crashedMs).toBeGreaterThan(SETTLE_DELAY_MS)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 100 } })
  })
})

describe('The sender, when time does not pass evenly', () => {
  /** A clock that stops its sender for `frozenMs` at the n-th sleep. */
  const freezing = (clock: Clock, nth: number, frozenMs: number): Clock => {
    let slept = 0
    return { now: () => clock.now(), sleep: ms => clock.sleep(++slept === nth ? ms + frozenMs : ms) }
  }

  it('gives up the slots that it overslept, and does not send them in a burst', async () => {
    const world = await senderWorld({ recipients: people(100), ratePerSecond: 100 })
    const send = batchSender({ ...world.ports, clock: freezing(world.clock, 40, 500) })
    await world.clock.drive(send({ noticeId: world.noticeId, run: 1, batch: 0 }, patient))
    const starts = world.calls.map(({ atMs }) => atMs).sort((a, b) => a - b)
    expect(starts).toHaveLength(100)
    for (const [index, atMs] of starts.entries()) {
      const inHalfTenth = starts.slice(index).filter(later => later < atMs + 50)
      expect(inHalfTenth.length).toBeLessThanOrEqual((50 + SLOT_LATENESS_MS) / 10 + 1)
    }
  })

  it('sends nothing once its lease may be another sender’s', async () => {
    const world = await senderWorld({ recipients: people(200), ratePerSecond: 100 })
    const pointer = { noticeId: world.noticeId, run: 1, batch: 0 }
    const frozen = batchSender({ ...world.ports, clock: freezing(world.clock, 40, 300_000) })
    const other = async () => {
      await world.clock.sleep(200_000)
      await world.sender()(pointer, patient)
    }
    await world.clock.drive(Promise.all([frozen(pointer, patient), other()]))
    expect(world.calls).toHaveLength(100)
    expect(timesSent(world.calls).size).toBe(100)
    expect(await world.read()).toMatchObject({ state: 'sending', tally: { accepted: 100 } })
  })

  it('keeps its lease for as long as a slow batch takes', async () => {
    const world = await senderWorld({ recipients: people(100), ratePerSecond: 1 })
    await world.clock.drive(world.sender()({ noticeId: world.noticeId, run: 1, batch: 0 }, patient))
    expect(await world.ledger.readBatch(world.noticeId, 0)).toMatchObject({ state: 'done', attempt: 1 })
    expect(world.calls).toHaveLength(100)
  })
})

describe('As approved: the sender', () => {
  it.each([
    ['content', { contentDigest: 'another' }],
    ['audience', { audience: readyAudience({ digest: 'another' }) }],
  ])('sends nothing of a notice whose %s is not what was approved', async (_, changed) => {
    const world = await senderWorld({
      notices: notices => ({
        ...notices,
        read: async noticeId => {
          const notice = await notices.read(noticeId)
          return notice && { ...notice, ...changed }
        },
      }),
    })
    const sent = world.sender()({ noticeId: world.noticeId, run: 1, batch: 0 }, patient)
    await expect(world.clock.drive(sent)).rejects.toMatchObject({ code: 'not-as-approved' })
    expect(world.calls).toEqual([])
  })
})

describe('The sender and the leak guard', () => {
  it('stops the notice when a message would show another address, and lets nothing of that batch leave', async () => {
    const crossed = people(100).map((person, index) =>
      index === 42 ? { ...person, variables: { name: 'Customer 7 <customer-7@example.com>' } } : person,
    )
    const world = await senderWorld({ recipients: crossed })
    await sendEverything(world)
    expect(world.calls).toEqual([])
    const notice = await world.read()
    expect(notice).toMatchObject({ state: 'stopped', stopReason: { kind: 'leak-guard', rule: 'foreign-address' } })
    expect(world.counted.get('LeakGuardRejections')).toBe(1)
    const row = await world.ledger.readBatch(world.noticeId, 0)
    expect(row?.tally).toMatchObject({ rejected: 1, accepted: 0 })
    expect(row && settled(row.tally)).toBe(1)
  })

  it('writes no address into facts, logs or pointers', async () => {
    const world = await senderWorld({
      recipients: people(100),
      answer: (_, index) =>
        index % 3 === 0 ? { kind: 'in-doubt', reason: 'TimeoutError' } : { kind: 'accepted', messageId: `m-${index}` },
    })
    await world.clock.drive(world.sender()({ noticeId: world.noticeId, run: 1, batch: 0 }, patient))
    const written = JSON.stringify([
      await world.facts(),
      world.logged,
      world.queue.drain(),
      await world.ledger.readBatch(world.noticeId, 0),
    ])
    expect(written).toContain('m-1')
    expect(written).not.toContain('customer-')
  })
})
