import { describe, expect, it } from 'vitest'
import { usualOrder } from '../memory/sample-notice.ts'
import { faultyFor, left, resumeAs, withStrangers } from './refusals.ts'
import { people, sendEverything, senderWorld, timesSent } from './sender-world.ts'

describe('After a refusal', () => {
  it('the rest is sent once somebody has accounted for it, and to those rejected only by a retry for them', async () => {
    const { answer, mend } = faultyFor(7, 130)
    const world = await senderWorld({ answer })
    let resumptions = 0
    for (await sendEverything(world); (await world.read()).state === 'stopped'; await sendEverything(world)) {
      expect((await world.notices.resume(world.noticeId, usualOrder, world.clock.now())).kind).toBe('conflict')
      await resumeAs(world)
      resumptions++
    }
    expect(resumptions).toBeGreaterThan(0)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 248, rejected: 2 } })
    const word = { leak: undefined, cause: 'The upload had a column too many; the guard lets it pass now' }
    const retried = await world.notices.retry(
      world.noticeId,
      { ...usualOrder, word, rejected: true },
      world.clock.now(),
    )
    expect(retried).toMatchObject({ kind: 'changed', notice: { state: 'sending', retryRejected: true } })
    mend()
    await sendEverything(world)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 250, rejected: 0 } })
    expect(timesSent(world.calls).size).toBe(250)
    expect(left(world, 2)).toBe(250)
    const rows = await Array.fromAsync(world.ledger.readBatches(world.noticeId))
    expect(rows.map(({ rejections }) => rejections)).toEqual([{}, {}, {}])
  })

  it('whoever is refused again in a retry stops the notice again', async () => {
    const world = await senderWorld({ recipients: withStrangers(100, 7) })
    await sendEverything(world)
    await resumeAs(world)
    await sendEverything(world)
    const word = { leak: undefined, cause: 'Mended, or so it was believed' }
    await world.notices.retry(world.noticeId, { ...usualOrder, word, rejected: true }, world.clock.now())
    await sendEverything(world)
    expect(await world.read()).toMatchObject({
      state: 'stopped',
      leak: { run: 3 },
      tally: { accepted: 99, rejected: 1 },
    })
  })

  it('a retry for passing failures leaves those rejected alone', async () => {
    let passing = true
    const { answer, mend } = faultyFor(7)
    const world = await senderWorld({
      recipients: people(100),
      answer: (call, index) =>
        passing && call.to === 'customer-3@example.com'
          ? { kind: 'recipient-failed-for-now', reason: 'no' }
          : answer(call, index),
    })
    await sendEverything(world)
    await resumeAs(world)
    await sendEverything(world)
    passing = false
    const before = world.calls.length
    await world.notices.retry(world.noticeId, usualOrder, world.clock.now())
    mend()
    await sendEverything(world)
    expect(world.calls.slice(before).map(({ to }) => to)).toEqual(['customer-3@example.com'])
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 99, rejected: 1 } })
  })
})
