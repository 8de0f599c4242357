import { describe, expect, it } from 'vitest'
import { emptyCounts } from '../../functions/ledger/counts.ts'
import { emptyTally } from '../../functions/notice/notice.ts'
import { batchSender } from '../../functions/sender/send-batch.ts'
import { patient, people, SETTLE_DELAY_MS, sendEverything, senderWorld, timesSent } from './sender-world.ts'

describe('The sender, when SES may or may not have accepted', () => {
  const lostAnswer = { kind: 'in-doubt', reason: 'TimeoutError: no answer' } as const

  it('believes a SEND event, and sends nothing again', async () => {
    const world = await senderWorld({ recipients: people(100) })
    const lost: string[] = []
    const send = world.ports.mailer.send
    const losing = {
      ...world.ports.mailer,
      send: async (mail: Parameters<typeof send>[0]) => {
        const answer = await send(mail)
        if (lost.length >= 5) return answer
        lost.push(mail.request.Destination.ToAddresses[0])
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

  it('after a crash, leaves in doubt only for whom a call may have begun, where the notice says so', async () => {
    const world = await senderWorld({ recipients: people(100), policy: 'leave' })
    const { noticeId } = world
    const nowMs = world.clock.now()
    const claim = { noticeId, run: 1, retryRun: undefined, batch: 0, size: 100, owner: 'killed', nowMs }
    await world.ledger.claim({ ...claim, leaseMs: 15_000, settleDelayMs: SETTLE_DELAY_MS })
    const renewal = { aliveAtMs: nowMs, claimableAtMs: nowMs + 75_000, begun: 30 }
    await world.ledger.renew({ noticeId, batch: 0, owner: 'killed' }, renewal)
    await sendEverything(world)
    expect(world.calls).toHaveLength(70)
    expect(world.calls[0]?.to).toBe('customer-30@example.com')
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 70, inDoubt: 30 } })
  })

  it('lists as sent again whom it sends a second message in doubt, and nobody else', async () => {
    const world = await senderWorld({
      recipients: people(100),
      answer: (_, index) => (index < 5 ? lostAnswer : { kind: 'accepted', messageId: `m-${index}` }),
    })
    await sendEverything(world)
    expect(await world.ledger.readBatch(world.noticeId, 0)).toMatchObject({ sentAgain: 5, tally: { accepted: 100 } })
  })

  it('gives a recipient up, in doubt, when answer after answer about it is lost', async () => {
    const hopeless = 'customer-7@example.com'
    const world = await senderWorld({
      recipients: people(100),
      answer: ({ to }, index) => (to === hopeless ? lostAnswer : { kind: 'accepted', messageId: `m-${index}` }),
    })
    await sendEverything(world)
    expect(timesSent(world.calls).get(hopeless)).toHaveLength(3)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 99, inDoubt: 1 } })
  })

  it('sends nobody a third message whom SES refused the second, and leaves them in doubt', async () => {
    const refused = 'customer-7@example.com'
    const world = await senderWorld({
      recipients: people(100),
      answer: ({ to }, index) => {
        // Another's second answer is lost too, so that the batch is claimed a third time.
        if (index < 10 || (to === 'customer-8@example.com' && index < 105)) return lostAnswer
        return to === refused
          ? { kind: 'recipient-failed', reason: 'Illegal address' }
          : { kind: 'accepted', messageId: `m-${index}` }
      },
    })
    await sendEverything(world)
    expect(timesSent(world.calls).get(refused)).toHaveLength(2)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 99, inDoubt: 1 } })
  })

  it('forgets no doubt when the next holder dies before it has written it down', async () => {
    const world = await senderWorld({ recipients: people(100), policy: 'leave', events: false })
    const { noticeId, ledger } = world
    const lease = { leaseMs: 15_000, settleDelayMs: SETTLE_DELAY_MS }
    const claim = { noticeId, run: 1, retryRun: undefined, batch: 0, size: 100, ...lease }
    const nowMs = world.clock.now()
    await ledger.claim({ ...claim, owner: 'dead', nowMs })
    await ledger.renew({ noticeId, batch: 0, owner: 'dead' }, { aliveAtMs: nowMs, claimableAtMs: nowMs, begun: 30 })
    await ledger.claim({ ...claim, owner: 'dead as well', nowMs: nowMs + 1 })
    await sendEverything(world)
    expect(world.calls).toHaveLength(70)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 70, inDoubt: 30 } })
  })

  it('sums again what it recorded late, when another has finished the batch since', async () => {
    const world = await senderWorld({
      recipients: people(100),
      ledger: ledger => ({
        ...ledger,
        finish: async (holder, progress, version) => {
          const { noticeId, batch } = holder
          const claim = { noticeId, run: 1, retryRun: undefined, batch, size: 100, owner: 'other' }
          await ledger.claim({ ...claim, nowMs: world.clock.now() + 1e6, leaseMs: 1, settleDelayMs: 1 })
          const known = { ...progress, ...emptyCounts, tally: { ...emptyTally, inDoubt: 100 } }
          await ledger.finish({ noticeId, batch, owner: 'other' }, known, version + 1)
          return ledger.finish(holder, progress, version)
        },
      }),
    })
    await sendEverything(world)
    const row = await world.ledger.readBatch(world.noticeId, 0)
    expect(row).toMatchObject({ owner: 'other', state: 'done', tally: { accepted: 100, inDoubt: 0 } })
  })

  it('never sends to anybody before it has written down that it may', async () => {
    let begun = 0
    const early: number[] = []
    const world = await senderWorld({
      recipients: people(100),
      ratePerSecond: 40,
      ledger: ledger => ({
        ...ledger,
        renew: async (holder, renewal) => {
          const renewed = await ledger.renew(holder, renewal)
          begun = renewal.begun
          return renewed
        },
      }),
      answer: ({ to }, index) => {
        if (world.recipients.findIndex(({ address }) => address === to) >= begun) early.push(index)
        return { kind: 'accepted', messageId: `m-${index}` }
      },
    })
    await sendEverything(world)
    expect(early).toEqual([])
    expect(begun).toBe(100)
  })

  it('believes an event that comes between the last claim and the end of the batch', async () => {
    const world = await senderWorld({
      recipients: people(100),
      policy: 'leave',
      answer: (_, index) => (index < 1 ? lostAnswer : { kind: 'accepted', messageId: `m-${index}` }),
      ledger: ledger => ({
        ...ledger,
        finish: async (holder, progress, version) => {
          const [call] = world.calls
          if (call !== undefined) await world.publishSend(call, 'm-0')
          return ledger.finish(holder, progress, version)
        },
      }),
    })
    await sendEverything(world)
    expect(await world.read()).toMatchObject({ tally: { accepted: 100, inDoubt: 0 } })
  })

  it('counts what feedback told while the batch lay open', async () => {
    const world = await senderWorld({ recipients: people(100), ratePerSecond: 10 })
    const { noticeId } = world
    await world.clock.drive(world.sender()({ noticeId, run: 1, batch: 0 }, { deadlineMs: world.clock.now() + 3_000 }))
    const recipientKey = world.calls[0]?.recipientKey ?? ''
    const about = { noticeId, batch: 0, recipientKey, attempt: 1, messageId: 'm-0', atMs: 1 }
    await world.ledger.putFacts([{ ...about, fact: 'bounce', detail: 'Permanent/OnAccountSuppressionList' }])
    await world.ledger.announceFeedback(noticeId, 0)
    await sendEverything(world)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 99, suppressed: 1 } })
  })

  it.each(['reserve', 'throttled'] as const)(
    'records what SES has answered when the pacer fails to %s',
    async failing => {
      const world = await senderWorld({
        recipients: people(100),
        ratePerSecond: 40,
        events: false,
        answer: (_, index) =>
          index === 30 ? { kind: 'throttled', reason: 'rate' } : { kind: 'accepted', messageId: `m-${index}` },
      })
      let reservations = 0
      const broken = () => Promise.reject(new Error('The table does not answer'))
      const pacer = world.ports.pacerOf(undefined)
      const send = batchSender({
        ...world.ports,
        pacerOf: () => ({
          ...pacer,
          reserve: needed => (failing === 'reserve' && ++reservations > 1 ? broken() : pacer.reserve(needed)),
          throttled: () => (failing === 'throttled' ? broken() : pacer.throttled()),
        }),
      })
      const sent = send({ noticeId: world.noticeId, run: 1, batch: 0 }, patient)
      await expect(world.clock.drive(sent)).rejects.toThrow('does not answer')
      const accepted = world.calls.length - 1
      expect(accepted).toBeGreaterThan(30)
      expect(await world.facts()).toHaveLength(accepted)
      await sendEverything(world)
      expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 100 } })
      expect(world.calls).toHaveLength(101)
    },
  )

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
