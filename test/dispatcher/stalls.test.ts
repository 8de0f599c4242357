import { describe, expect, it } from 'vitest'
import { emptyEffort } from '../../functions/ledger/batch.ts'
import { emptyCounts } from '../../functions/ledger/counts.ts'
import { emptyTally, stallOf, usualPace } from '../../functions/notice/notice.ts'
import { dispatcherWorld, scheduled } from './dispatcher-world.ts'

/** A dispatcher that is called each minute, beside whatever else happens; a call goes on when the next begins. */
function minutes(world: ReturnType<typeof dispatcherWorld>, changed = {}) {
  const handle = world.handlerOf(changed)
  const calls: Promise<unknown>[] = []
  return async (count: number, each: (minute: number) => Promise<unknown> = async () => {}) => {
    for (let minute = 0; minute < count; minute++) {
      await each(minute)
      calls.push(handle(scheduled).catch(() => {}))
      await world.clock.drive(world.clock.sleep(60_000))
    }
  }
}

async function stallOfNotice({ notices }: ReturnType<typeof dispatcherWorld>, noticeId: string) {
  const notice = await notices.read(noticeId)
  return notice && stallOf(notice)
}

describe('A notice that makes no progress', () => {
  it('alarms after five minutes, says why once in the log, and is shown to stall', async () => {
    const world = dispatcherWorld()
    await world.start('n-1')
    const sinceMs = world.clock.now()
    const pass = minutes(world)
    await pass(4)
    expect(world.reasons()).toEqual([])
    expect(await stallOfNotice(world, 'n-1')).toBeUndefined()
    await pass(3)
    expect(new Set(world.reasons())).toEqual(new Set(['no-sender-comes']))
    expect(world.errors).toEqual([
      { message: 'A notice makes no progress', noticeId: 'n-1', run: 1, reason: 'no-sender-comes', sinceMs },
    ])
    expect(await stallOfNotice(world, 'n-1')).toEqual({ sinceMs, reason: 'no-sender-comes' })
  })

  it('names the quota where what is left of it is too little for a batch, whatever became of senders before', async () => {
    const world = dispatcherWorld()
    world.account.quota = { maxSendRate: 100, max24HourSend: 1_000, sentLast24Hours: 450, sendingEnabled: true }
    await world.start('n-1')
    for (let attempt = 0; attempt < 3; attempt++) {
      await world.claim('n-1', 0)
      await world.clock.drive(world.clock.sleep(30_000))
    }
    await minutes(world)(7)
    expect(new Set(world.reasons())).toEqual(new Set(['quota-used-up']))
  })

  it('is silent again from the first recipient on that gets a fate', async () => {
    const world = dispatcherWorld()
    await world.start('n-1')
    const pass = minutes(world)
    await pass(7)
    const alarms = world.reasons().length
    expect(alarms).toBeGreaterThan(0)
    await world.finishBatch('n-1', 0)
    await pass(4)
    expect(world.reasons()).toHaveLength(alarms)
    expect(await stallOfNotice(world, 'n-1')).toBeUndefined()
  })

  it('alarms with the reason of the time: first no sender, then dying ones', async () => {
    const world = dispatcherWorld()
    await world.start('n-1')
    await minutes(world)(6)
    await minutes(world)(2, async () => world.claim('n-1', 0))
    expect(new Set(world.reasons())).toEqual(new Set(['no-sender-comes', 'unexplained', 'senders-die']))
    expect((await stallOfNotice(world, 'n-1'))?.reason).toBe('senders-die')
  })

  it('alarms also when its tables are what fails', async () => {
    const world = dispatcherWorld()
    await world.start('n-1')
    const failing = {
      ledger: {
        readBatches: () => {
          throw new Error('ThrottlingException')
        },
      },
    }
    const pass = minutes(world, failing)
    await pass(4)
    expect(world.reasons()).toEqual([])
    await pass(2)
    expect(new Set(world.reasons())).toEqual(new Set(['table-trouble']))
  })

  it('alarms also when nobody can say which notices there are', async () => {
    const world = dispatcherWorld()
    await world.start('n-1')
    const list = async () => {
      throw new Error('ThrottlingException')
    }
    await minutes(world, { notices: { ...world.notices, list } })(6)
    expect(new Set(world.reasons())).toEqual(new Set(['table-trouble']))
  })
})

describe('No alarm', () => {
  it('is raised for tables that fail now and then', async () => {
    const world = dispatcherWorld()
    await world.start('n-1', 12)
    const trouble = (fails: boolean) => {
      if (fails) throw new Error('ThrottlingException')
    }
    let minute = 0
    const pass = minutes(world, {
      notices: {
        ...world.notices,
        list: async () => {
          trouble(minute % 4 === 1)
          return world.notices.list('sending')
        },
      },
      ledger: {
        readBatches: (noticeId: string) => {
          trouble(minute % 4 === 3)
          return world.ledger.readBatches(noticeId)
        },
      },
    })
    await pass(12, async now => {
      minute = now
      await world.finishBatch('n-1', now)
    })
    expect(world.reasons()).toEqual([])
    expect(world.errors.length).toBeGreaterThan(10)
  })

  it('is raised at one message a second, where a batch takes minutes', async () => {
    const world = dispatcherWorld()
    await world.start('n-1', 12)
    await world.handlerOf()({ noticeId: 'n-1' })
    // A call of a sender ends after four minutes and a half, and gives back what it has not sent.
    let batch = 0
    await minutes(world)(40, async minute => {
      if (minute % 4 !== 0) return
      const holder = await world.claim('n-1', batch++)
      const tally = { ...emptyTally, accepted: 40 }
      await world.ledger.release(holder, { ...emptyCounts, ...emptyEffort, tally }, world.clock.now())
    })
    expect(world.reasons()).toEqual([])
  })

  it('is raised for a notice that is stopped, nor at once when it is resumed an hour later', async () => {
    const world = dispatcherWorld()
    await world.start('n-1')
    const pass = minutes(world)
    await pass(2)
    await world.notices.stop('n-1', { kind: 'operator', by: 'ada' }, world.clock.now())
    await pass(60)
    await world.notices.resume('n-1', { by: 'ada', pace: usualPace }, world.clock.now())
    await pass(4)
    expect(world.reasons()).toEqual([])
    await pass(3)
    expect(new Set(world.reasons())).toEqual(new Set(['no-sender-comes']))
  })

  it('is raised for a finished notice', async () => {
    const world = dispatcherWorld()
    await world.start('n-1', 1)
    await world.finishBatch('n-1', 0)
    await minutes(world)(10)
    expect(world.reasons()).toEqual([])
  })
})
