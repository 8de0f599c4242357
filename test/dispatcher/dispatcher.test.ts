import { describe, expect, it } from 'vitest'
import type { PassPorts } from '../../functions/dispatcher/pass.ts'
import type { NoticeStore } from '../../functions/notice/notice-store.ts'
import { dispatcherWorld, START_MS, scheduled } from './dispatcher-world.ts'

/** Only the first look of a call: the clock stands still after it. */
function firstPass(handlerOf: ReturnType<typeof dispatcherWorld>['handlerOf'], changed: Partial<PassPorts> = {}) {
  const once = { now: () => START_MS, sleep: () => Promise.reject(new Error('the first pass is over')) }
  return (event: unknown) => handlerOf({ ...changed, clock: once })(event).catch(() => {})
}

describe('The dispatcher, woken', () => {
  it('queues every batch of a run that has just begun, under the granted share of the rate', async () => {
    const { start, handlerOf, queued, pacerStore } = dispatcherWorld()
    await start('n-1')
    await firstPass(handlerOf)({ noticeId: 'n-1' })
    expect(queued()).toEqual([0, 1, 2])
    expect(await pacerStore.read()).toMatchObject({ baseIntervalUs: 20_000 })
  })

  it('stays with what is being sent, until the schedule has surely called another', async () => {
    const { start, handlerOf, clock, account, queue } = dispatcherWorld()
    await start('n-1')
    await start('n-2')
    await handlerOf()({ noticeId: 'n-2' })
    expect(new Set(queue.drain().map(({ noticeId }) => noticeId))).toEqual(new Set(['n-1', 'n-2']))
    expect(account.reads).toBe(15)
    expect(clock.now()).toBe(START_MS + 70_000)
  })

  it('knows of the notice that woke it, although no list shows it yet', async () => {
    const { start, handlerOf, queued, notices } = dispatcherWorld()
    await start('n-1')
    const stale: NoticeStore = { ...notices, list: async () => [] }
    await firstPass(handlerOf, { notices: stale })({ noticeId: 'n-1' })
    expect(queued()).toEqual([0, 1, 2])
  })

  it('leaves to another dispatcher what that one has just looked at', async () => {
    const { start, handlerOf, clock, account, queued } = dispatcherWorld()
    await start('n-1')
    const [one, other] = [handlerOf(), handlerOf()]
    await Promise.all([one(scheduled), clock.sleep(2_000).then(() => other(scheduled))])
    // One looks in 15 rounds; the other when that one is gone, in the first round of its own after that.
    expect(account.reads).toBe(15)
    expect(new Set(queued())).toEqual(new Set([0, 1, 2]))
  })

  it('queues nothing of a notice that is stopped', async () => {
    const { start, handlerOf, queued, notices } = dispatcherWorld()
    await start('n-1')
    await notices.stop('n-1', { kind: 'operator', by: 'ada' }, START_MS)
    await handlerOf()({ noticeId: 'n-1' })
    await handlerOf()(scheduled)
    expect(queued()).toEqual([])
  })

  it('queues nothing for senders that would find no rate, and everything once there is one', async () => {
    const { start, handlerOf, queued, account, errors } = dispatcherWorld()
    await start('n-1')
    const { quota } = account
    account.quota = undefined
    await firstPass(handlerOf)({ noticeId: 'n-1' })
    expect(queued()).toEqual([])
    expect(errors).toHaveLength(1)
    account.quota = quota
    await handlerOf()(scheduled)
    expect(new Set(queued())).toEqual(new Set([0, 1, 2]))
  })
})

describe('The dispatcher, each minute', () => {
  it('ends at once while nothing is being sent, and asks nothing of SES', async () => {
    const { handlerOf, clock, account, finishBatch, start } = dispatcherWorld()
    await handlerOf()(scheduled)
    expect({ nowMs: clock.now(), reads: account.reads }).toEqual({ nowMs: START_MS, reads: 0 })
    await start('n-1', 1)
    await finishBatch('n-1', 0)
    await handlerOf()(scheduled)
    expect(clock.now()).toBe(START_MS + 5_000)
  })

  it('comes round every five seconds while a notice is being sent, and grants the rate each time', async () => {
    const { start, handlerOf, clock, account, pacerStore } = dispatcherWorld()
    await start('n-1')
    const handle = handlerOf()
    await handle(scheduled)
    expect({ nowMs: clock.now(), reads: account.reads }).toEqual({ nowMs: START_MS + 70_000, reads: 15 })
    account.quota = { maxSendRate: 200, max24HourSend: undefined, sentLast24Hours: 0, sendingEnabled: true }
    await handle(scheduled)
    expect(await pacerStore.read()).toMatchObject({ baseIntervalUs: 10_000 })
  })

  it('begins no pass later than shortly after the next minute, however slow the tables are', async () => {
    const { start, handlerOf, clock, notices } = dispatcherWorld()
    await start('n-1')
    let passes = 0
    const slow: NoticeStore = {
      ...notices,
      list: async state => {
        passes++
        await clock.sleep(22_000)
        return notices.list(state)
      },
    }
    await handlerOf({ notices: slow })(scheduled)
    expect(passes).toBe(2)
    expect(clock.now()).toBe(START_MS + 66_000)
  })

  it('goes on with the last rate when SES does not say its limits, also in a process that never knew them', async () => {
    const { start, handlerOf, queued, account, errors, pacerStore } = dispatcherWorld()
    await start('n-1')
    const handle = handlerOf()
    await handle({ noticeId: 'n-1' })
    queued()
    account.quota = undefined
    await start('n-2')
    await handle(scheduled)
    expect(queued()).toContain(2)
    await start('n-3')
    await handlerOf()(scheduled)
    expect(queued()).toContain(2)
    expect(await pacerStore.read()).toMatchObject({ baseIntervalUs: 20_000 })
    expect(new Set(errors.map(({ message }) => message))).toContain(
      'SES does not say its limits; the last rate stays in force',
    )
  })

  it('dispatches a run whose call was lost, although another notice keeps the senders busy', async () => {
    const { start, handlerOf, queue } = dispatcherWorld()
    await start('n-busy', 1_000)
    await firstPass(handlerOf)({ noticeId: 'n-busy' })
    await start('n-lost')
    queue.drain()
    await firstPass(handlerOf)(scheduled)
    const lost = queue.drain().filter(({ noticeId }) => noticeId === 'n-lost')
    expect(lost.map(({ batch }) => batch).sort()).toEqual([0, 1, 2])
  })

  it('queues what nobody claims more and more seldom, not each time it comes round', async () => {
    const { start, handlerOf, queued, clock } = dispatcherWorld()
    await start('n-1')
    await clock.drive(clock.sleep(30_000))
    await handlerOf()(scheduled)
    // At first, after a minute of silence, and not ten times more.
    expect(queued()).toEqual([0, 0, 1, 1, 2, 2])
  })

  it('lets no notice whose rows cannot be read keep the others from their turn, and fails the call', async () => {
    const { start, handlerOf, queue, ledger, clock, errors } = dispatcherWorld()
    await start('n-1')
    await start('n-2')
    await clock.drive(clock.sleep(30_000))
    const throttled = {
      ...ledger,
      readBatches: (noticeId: string) => {
        if (noticeId === 'n-1') throw new Error('ProvisionedThroughputExceededException')
        return ledger.readBatches(noticeId)
      },
    }
    await expect(handlerOf({ ledger: throttled })(scheduled)).rejects.toThrow('1 of 2')
    expect(new Set(queue.drain().map(({ noticeId }) => noticeId))).toEqual(new Set(['n-2']))
    expect(errors.filter(({ noticeId }) => noticeId === 'n-1')).toHaveLength(15)
  })

  it('recovers in the same minute from a table that fails once', async () => {
    const { start, handlerOf, queued, notices, clock } = dispatcherWorld()
    await start('n-1')
    await clock.drive(clock.sleep(30_000))
    let calls = 0
    const failsOnce: NoticeStore = {
      ...notices,
      list: async state => {
        if (calls++ === 0) throw new Error('InternalServerError')
        return notices.list(state)
      },
    }
    await handlerOf({ notices: failsOnce })(scheduled)
    expect(new Set(queued())).toEqual(new Set([0, 1, 2]))
  })
})
