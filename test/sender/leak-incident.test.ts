import { describe, expect, it } from 'vitest'
import { accepted, finding, pointer, rejectedKeys, resumeAs, watchedStops, withStrangers } from './refusals.ts'
import { patient, people, sendEverything, senderWorld } from './sender-world.ts'

describe('A message that the leak guard refuses', () => {
  it('lets nothing of its batch leave, is recorded with rule, field and excerpt, and stops the notice', async () => {
    const world = await senderWorld({ recipients: withStrangers(100, 7, 40) })
    await world.clock.drive(world.sender()(pointer(world, 0), patient))
    expect(world.calls).toEqual([])
    const keys = [7, 40].map(position => world.recipients[position]?.key)
    const outcomes = (await world.facts()).map(fact => fact.fact === 'outcome' && [fact.recipientKey, fact.outcome])
    const outcome = {
      kind: 'rejected',
      rule: 'foreign-address',
      field: expect.any(String),
      excerpt: expect.any(String),
    }
    expect(outcomes).toEqual(keys.map(key => [key, outcome]))
    expect(await world.read()).toMatchObject({
      state: 'stopped',
      tally: { rejected: 2 },
      stopReason: { kind: 'leak-guard', rule: 'foreign-address', batch: 0, recipientKey: keys[0] },
      leak: { rule: 'foreign-address', run: 1, batch: 0, recipientKey: keys[0] },
    })
    const [[place, count] = []] = Object.entries((await world.ledger.readBatch(world.noticeId, 0))?.rejections ?? {})
    expect([place, count]).toEqual([expect.stringMatching(/^foreign-address Content\./), 2])
  })

  it('is counted each, and logged with rule, field, excerpt and recipient key, without an address', async () => {
    const world = await senderWorld({ recipients: withStrangers(100, 7, 40) })
    await world.clock.drive(world.sender()(pointer(world, 0), patient))
    expect(world.counted.get('LeakGuardRejections')).toBe(2)
    expect(world.counted.get('NoticesStoppedBySender')).toBe(1)
    const said = world.logged.filter(line => line.startsWith('The leak guard refused a message'))
    expect(said).toHaveLength(2)
    expect(said[0]).toMatch(/"rule":"foreign-address","field":"Content[^"]+","excerpt":"[^"]*\*[^"]*","recipientKey"/)
    expect(said[0]).toContain(world.noticeId)
    expect(world.logged.join('\n')).not.toMatch(/[a-z0-9]@[a-z0-9]/i)
  })

  it('stops the notice at once, though calls in flight take their time', async () => {
    const { stops, over } = watchedStops()
    let refusedAtMs = 0
    const world = await senderWorld({
      ratePerSecond: 50,
      notices: over,
      latencyMs: index => (index === 40 ? 1 : 15_000),
      answer: ({ atMs }, index) => {
        if (index !== 40) return accepted(index)
        refusedAtMs = atMs
        return { kind: 'refused-by-guard', ...finding }
      },
    })
    await sendEverything(world, 3)
    expect(stops.writtenAtMs - refusedAtMs).toBeLessThanOrEqual(10)
    expect(Math.max(...world.calls.map(({ atMs }) => atMs))).toBeLessThan(stops.writtenAtMs + 1_000)
    expect(await world.read()).toMatchObject({ state: 'stopped', stopReason: { kind: 'leak-guard', ...finding } })
    expect(await rejectedKeys(world)).toEqual([world.calls[40]?.recipientKey])
  })

  it('halts every other batch of the same sender at once, also while the stop cannot be written', async () => {
    const { stops, over } = watchedStops(attempt => attempt < 20)
    let refusedAtMs = 0
    const world = await senderWorld({
      recipients: people(300),
      ratePerSecond: 50,
      notices: over,
      latencyMs: index => (index === 40 ? 0 : 80),
      answer: ({ atMs }, index) => {
        if (index !== 40) return accepted(index)
        refusedAtMs = atMs
        return { kind: 'refused-by-guard', ...finding }
      },
    })
    const send = world.sender()
    const late = async () => {
      await world.clock.sleep(3_000)
      await send(pointer(world, 2), patient)
    }
    await world.clock.drive(Promise.all([send(pointer(world, 0), patient), send(pointer(world, 1), patient), late()]))
    expect(Math.max(...world.calls.map(({ atMs }) => atMs))).toBe(refusedAtMs)
    expect(stops.attempts).toBeGreaterThan(20)
    expect(stops.writtenAtMs - refusedAtMs).toBeGreaterThan(3_000)
    expect(await world.read()).toMatchObject({ state: 'stopped' })
    // Nothing of it is lost: the pointer comes again, and is dropped then.
    expect(world.queue.drain()).toMatchObject([{ batch: 2, delaySeconds: 5 }])
  })

  it('stops the notice once where two senders are refused at the same moment, and both are recorded', async () => {
    const world = await senderWorld({ recipients: withStrangers(200, 3, 130) })
    await world.clock.drive(Promise.all([0, 1].map(batch => world.sender()(pointer(world, batch), patient))))
    expect(world.calls).toEqual([])
    expect((await rejectedKeys(world)).sort()).toEqual([3, 130].map(n => world.recipients[n]?.key ?? '').sort())
    expect(world.counted.get('LeakGuardRejections')).toBe(2)
    expect(world.counted.get('NoticesStoppedBySender')).toBe(1)
    const notice = await world.read()
    expect(notice.history.entries.filter(({ action }) => action === 'stop')).toHaveLength(1)
    expect(notice.tally).toMatchObject({ rejected: 2 })
  })

  it('halts all senders within a second of the stop, where two of five are refused at once and the table fails at first', async () => {
    const { stops, over } = watchedStops(attempt => attempt < 6)
    const refusedAtMs: number[] = []
    const world = await senderWorld({
      recipients: people(500),
      ratePerSecond: 100,
      notices: over,
      answer: ({ atMs }, index) => {
        if (index !== 60 && index !== 61) return accepted(index)
        refusedAtMs.push(atMs)
        return { kind: 'refused-by-guard', ...finding }
      },
    })
    await sendEverything(world, 5)
    const afterMs = world.calls.map(({ atMs }) => atMs - stops.writtenAtMs)
    expect(Math.max(...afterMs)).toBeLessThan(1_000)
    expect(stops.writtenAtMs).toBeGreaterThan(Math.max(...refusedAtMs))
    // The three that were not refused go on until they see it.
    expect(world.calls.length).toBeGreaterThan(70)
    expect(world.calls.length).toBeLessThan(500)
    expect(world.counted.get('LeakGuardRejections')).toBe(2)
    expect(await world.read()).toMatchObject({ state: 'stopped', tally: { rejected: 2 } })
  })

  it.each([
    ['before anything was sent', withStrangers(100, 50), undefined],
    ['on its way to SES', people(100), 20],
  ])(
    '%s, is told by the next claim when its sender died before it could stop the notice',
    async (_, recipients, at) => {
      let dead = true
      const { over } = watchedStops(() => dead)
      const world = await senderWorld({
        ...{ recipients, notices: over, ratePerSecond: 50 },
        answer: (_call, index) => (index === at ? { kind: 'refused-by-guard', ...finding } : accepted(index)),
      })
      const brief = { deadlineMs: world.clock.now() + 5_000 }
      const died = world
        .sender()(pointer(world, 0), brief)
        .then(
          () => 'ended',
          () => 'died',
        )
      expect(await world.clock.drive(died)).toBe('died')
      expect(await world.read()).toMatchObject({ state: 'sending' })
      const before = world.calls.length
      dead = false
      await world.clock.drive(world.clock.sleep(120_000))
      await world.clock.drive(world.sender()(pointer(world, 0), patient))
      expect(await world.read()).toMatchObject({ state: 'stopped', leak: { run: 1 } })
      expect(world.calls).toHaveLength(before)
    },
  )

  it('is told with the next pointer that the same sender gets, when it could not stop the notice for as long as it had', async () => {
    let deaf = true
    const { over } = watchedStops(() => deaf)
    const world = await senderWorld({ recipients: withStrangers(200, 50), notices: over })
    const send = world.sender()
    const brief = { deadlineMs: world.clock.now() + 5_000 }
    await world.clock.drive(send(pointer(world, 0), brief).catch(() => {}))
    expect(await world.read()).toMatchObject({ state: 'sending' })
    deaf = false
    await world.clock.drive(send(pointer(world, 1), patient))
    expect(await world.read()).toMatchObject({ state: 'stopped', leak: { run: 1, batch: 0 } })
    expect(world.calls).toEqual([])
  })

  it('is not told anew once it was accounted for, when its sender died after it had stopped the notice', async () => {
    let dead = true
    const world = await senderWorld({
      recipients: withStrangers(100, 50),
      ledger: ledger => ({
        ...ledger,
        release: async (...args) => {
          if (dead) throw new Error('Killed')
          return ledger.release(...args)
        },
      }),
    })
    await world.clock.drive(
      world
        .sender()(pointer(world, 0), patient)
        .catch(() => {}),
    )
    dead = false
    expect(await world.read()).toMatchObject({ state: 'stopped' })
    await resumeAs(world)
    await world.clock.drive(world.clock.sleep(120_000))
    await sendEverything(world)
    expect(await world.read()).toMatchObject({ state: 'finished', run: 2, tally: { accepted: 99, rejected: 1 } })
  })
})
