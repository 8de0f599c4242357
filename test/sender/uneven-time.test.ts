import { describe, expect, it } from 'vitest'
import type { Clock } from '../../functions/runtime/clock.ts'
import { RECIPIENTS_PER_MARK, SLOT_LATENESS_MS } from '../../functions/sender/ports.ts'
import { batchSender } from '../../functions/sender/send-batch.ts'
import { patient, people, senderWorld, timesSent } from './sender-world.ts'

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

  it('marks no more than two groups beyond the calls that began, however many slots pass unused', async () => {
    let begun = 0
    const world = await senderWorld({
      recipients: people(100),
      ratePerSecond: 100,
      ledger: ledger => ({
        ...ledger,
        renew: (holder, renewal) => {
          begun = Math.max(begun, renewal.begun)
          furthest = Math.max(furthest, begun - world.calls.length)
          return ledger.renew(holder, renewal)
        },
      }),
    })
    let furthest = 0
    let slept = 0
    // Each sleep but every tenth lasts until the slots after it have passed as well.
    const late: Clock = {
      now: () => world.clock.now(),
      sleep: ms => world.clock.sleep(++slept % 10 === 0 ? ms : ms + 200),
    }
    const send = batchSender({ ...world.ports, clock: late })
    await world.clock.drive(send({ noticeId: world.noticeId, run: 1, batch: 0 }, patient))
    expect(timesSent(world.calls).size).toBe(100)
    expect(world.calls.at(-1)?.atMs).toBeGreaterThan((world.calls[0]?.atMs ?? 0) + 4_000)
    expect(furthest).toBeGreaterThan(0)
    expect(furthest).toBeLessThanOrEqual(2 * RECIPIENTS_PER_MARK)
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
