import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIdleMeter } from '../../functions/sender/idle-meter.ts'
import { patient, people, sendEverything, senderWorld } from './sender-world.ts'

describe('What a batch row tells of times', () => {
  it('is when each locale was told, as really sent, over all claims of the batch', async () => {
    const variant = { subject: 'Index change', text: 'Dear {{name}}', html: '<p>Dear {{name}}</p>' }
    const wanted = ['de-AT', 'fr', undefined]
    const recipients = people(100).map((recipient, index) => ({ ...recipient, locale: wanted[index % 3] }))
    const world = await senderWorld({
      recipients,
      ratePerSecond: 50,
      content: { defaultLocale: 'en', variants: { en: variant, de: variant } },
      answer: ({ to }, index) =>
        to === 'customer-1@example.com'
          ? { kind: 'recipient-failed', reason: 'Illegal address' }
          : { kind: 'accepted', messageId: `m-${index}` },
    })
    const first = world.sender()(
      { noticeId: world.noticeId, run: 1, batch: 0 },
      { deadlineMs: world.clock.now() + 2_900 },
    )
    await world.clock.drive(first)
    const open = await world.ledger.readBatch(world.noticeId, 0)
    expect(open?.state).toBe('open')
    await world.clock.drive(world.clock.sleep(10_000))
    await sendEverything(world)
    const row = await world.ledger.readBatch(world.noticeId, 0)
    const answeredMs = (locale: string) =>
      world.calls
        .filter(({ to }) => to !== 'customer-1@example.com')
        .filter(({ to }) => (Number(/\d+/.exec(to)) % 3 === 0 ? 'de' : 'en') === locale)
        .map(({ atMs }) => Math.round(atMs))
    const expected = ['de', 'en'].map(locale => {
      const all = answeredMs(locale)
      return [locale, { count: all.length, firstMs: Math.min(...all), lastMs: Math.max(...all) }]
    })
    expect(row?.acceptances).toEqual(Object.fromEntries(expected))
    expect(open?.acceptances['en']?.firstMs).toBe(row?.acceptances['en']?.firstMs)
    expect(row?.acceptances['en']?.lastMs).toBeGreaterThan((open?.acceptances['en']?.lastMs ?? 0) + 10_000)
  })

  it('is how long its claims were held, and for how much of it no call was under way', async () => {
    const world = await senderWorld({ recipients: people(10), ratePerSecond: 1, latencyMs: () => 250 })
    const startedMs = world.clock.now()
    await sendEverything(world)
    const row = await world.ledger.readBatch(world.noticeId, 0)
    expect(row?.heldMs).toBe(Math.round(world.clock.now() - startedMs))
    // Nine seconds between ten slots, less nine answers.
    expect(row?.idleMs).toBeGreaterThanOrEqual(9 * 750)
    expect(row?.idleMs).toBeLessThan(9 * 750 + 100)
    expect(world.counted.get('SenderIdle')).toBe(row?.idleMs)
    expect(world.counted.get('SenderHeld')).toBe(row?.heldMs)
  })

  it('adds up over claims, and leaves out the time between them', async () => {
    const world = await senderWorld({ recipients: people(10), ratePerSecond: 1, latencyMs: () => 250 })
    const send = world.sender()
    await world.clock.drive(
      send({ noticeId: world.noticeId, run: 1, batch: 0 }, { deadlineMs: world.clock.now() + 5_500 }),
    )
    await world.clock.drive(world.clock.sleep(60_000))
    await sendEverything(world)
    const row = await world.ledger.readBatch(world.noticeId, 0)
    expect(row).toMatchObject({ state: 'done', attempt: 2 })
    expect(row?.heldMs).toBeGreaterThan(8_000)
    expect(row?.heldMs).toBeLessThan(11_000)
    expect(world.counted.get('SenderHeld')).toBe(row?.heldMs)
    expect(world.counted.get('SenderIdle')).toBe(row?.idleMs)
  })

  it('is no idle time where another batch of the sender has calls under way', async () => {
    const world = await senderWorld({ recipients: people(200), ratePerSecond: 100, latencyMs: () => 80 })
    const send = world.sender()
    const pointer = { noticeId: world.noticeId, run: 1 }
    await world.clock.drive(
      Promise.all([send({ ...pointer, batch: 0 }, patient), send({ ...pointer, batch: 1 }, patient)]),
    )
    const second = await world.ledger.readBatch(world.noticeId, 1)
    expect(second?.heldMs).toBeGreaterThan(1_900)
    expect(second?.idleMs).toBeLessThan(100)
  })
})

it('An idle meter counts exactly the time in which no call is under way', () => {
  const step = fc.record({ waitMs: fc.nat(50), begins: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      let nowMs = 0
      const meter = createIdleMeter({ now: () => nowMs, sleep: async () => {} })
      let underWay = 0
      let idleMs = 0
      for (const { waitMs, begins } of steps) {
        nowMs += waitMs
        if (underWay === 0) idleMs += waitMs
        if (begins) meter.callBegan()
        else if (underWay > 0) meter.callEnded()
        underWay = Math.max(0, underWay + (begins ? 1 : -1))
        expect(meter.idleMs()).toBe(idleMs)
      }
    }),
  )
})
