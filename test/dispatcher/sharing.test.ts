import { describe, expect, it } from 'vitest'
import { usualPace, waitOf } from '../../functions/notice/notice.ts'
import { dispatcherWorld, scheduled } from './dispatcher-world.ts'

type World = ReturnType<typeof dispatcherWorld>

/** Pointers that the world's queue got since it was last looked at, by notice. */
function fedByNotice({ queue }: World): Readonly<Record<string, number>> {
  const pointers = queue.drain()
  return Object.fromEntries([...Map.groupBy(pointers, ({ noticeId }) => noticeId)].map(([id, of]) => [id, of.length]))
}

/** One call of the dispatcher, during which `then` happens after so many milliseconds. */
async function during(world: World, afterMs: number, then: () => Promise<unknown>) {
  const handle = world.handlerOf()
  await world.clock.drive(Promise.all([handle(scheduled), world.clock.sleep(afterMs).then(then)]))
}

/** In this turn, in batches of a hundred. */
async function recipientsFed({ notices }: World, noticeId: string) {
  const { queued = {} } = (await notices.read(noticeId))?.feed ?? {}
  return 100 * Object.values(queued).reduce((sum, batches) => sum + batches, 0)
}

async function waitsFor({ notices }: World, noticeId: string) {
  const notice = await notices.read(noticeId)
  return notice && waitOf(notice)?.for
}

describe('Two notices at once', () => {
  it('are fed alike from the first round in which both are there', async () => {
    const world = dispatcherWorld()
    await world.start('n-1', 100)
    await world.start('n-2', 100)
    await during(world, 1_000, async () => {
      // 50 a second, 15 seconds ahead: four batches each, where one alone would get eight.
      expect(fedByNotice(world)).toEqual({ 'n-1': 4, 'n-2': 4 })
      expect(await world.notices.read('n-1')).toMatchObject({ feed: { beside: 1, ratePerSecond: 25 } })
    })
  })

  it('leave all to the other when one has ended', async () => {
    const world = dispatcherWorld()
    await world.start('n-1', 100)
    await world.start('n-2', 1)
    await during(world, 1_000, () => world.finishBatch('n-2', 0).then(count => count()))
    expect(await world.notices.read('n-1')).toMatchObject({ feed: { beside: 0, ratePerSecond: 50 } })
  })

  it('give way to an urgent one at once, say so, and go on when it has little left to do', async () => {
    const world = dispatcherWorld()
    await world.start('n-1', 100)
    await world.handlerOf()(scheduled)
    fedByNotice(world)
    await world.start('n-urgent', 100, { pace: { urgent: true } })
    await during(world, 1_000, async () => {
      expect(fedByNotice(world)).toEqual({ 'n-urgent': 8 })
      expect(await waitsFor(world, 'n-1')).toBe('urgent-notice')
      expect(await waitsFor(world, 'n-urgent')).toBeUndefined()
      expect(await world.notices.read('n-urgent')).toMatchObject({ feed: { beside: 0, ratePerSecond: 50 } })
      for (let batch = 0; batch < 98; batch++) await (await world.finishBatch('n-urgent', batch))()
    })
    expect(await waitsFor(world, 'n-1')).toBeUndefined()
    // What was in the queue was dropped by the senders, so the notice is fed from its first undone batch on.
    const again = world.queue.drain().filter(({ noticeId }) => noticeId === 'n-1')
    expect(again.length).toBeGreaterThanOrEqual(8)
    expect(new Set(again.map(({ turn }) => turn))).toEqual(new Set([2]))
  })

  it('do not give way to an urgent one that nothing comes of', async () => {
    const world = dispatcherWorld()
    await world.start('n-1', 100)
    await world.start('n-stuck', 100, { pace: { urgent: true } })
    await during(world, 10_000, async () => expect(await waitsFor(world, 'n-1')).toBe('urgent-notice'))
    expect(await waitsFor(world, 'n-1')).toBeUndefined()
  })

  it('raise no alarm while one waits for the other', async () => {
    const world = dispatcherWorld()
    await world.start('n-1', 100)
    await world.start('n-urgent', 1_000, { pace: { urgent: true } })
    for (let minute = 0; minute < 8; minute++) {
      await during(world, 1_000, async () => {
        for (let round = 0; round < 12; round++) {
          await (await world.finishBatch('n-urgent', minute * 12 + round))()
          await world.clock.sleep(5_000)
        }
      })
      expect(await waitsFor(world, 'n-1')).toBe('urgent-notice')
    }
    expect(world.reasons()).toEqual([])
  })
})

describe('A notice with a share of its own', () => {
  it('alone has the pacer granted no more than that', async () => {
    const world = dispatcherWorld()
    await world.start('n-1', 100, { pace: { share: 0.2 } })
    await during(world, 1_000, async () => expect(fedByNotice(world)).toEqual({ 'n-1': 4 }))
    expect(await world.pacerStore.read()).toMatchObject({ baseIntervalUs: 50_000 })
  })

  it('larger than that of the stack has that of the stack', async () => {
    const world = dispatcherWorld()
    await world.start('n-1', 100, { pace: { share: 0.9 } })
    await world.handlerOf()(scheduled)
    const { baseIntervalUs = 0 } = (await world.pacerStore.read()) ?? {}
    expect(1e6 / baseIntervalUs).toBeCloseTo(50, 3)
  })
})

describe('The daily quota', () => {
  const quota = (sentLast24Hours: number) => ({
    maxSendRate: 100,
    max24HourSend: 1_000,
    sentLast24Hours,
    sendingEnabled: true,
  })

  it('is fed up to the share of it, for all notices together, and no further', async () => {
    const world = dispatcherWorld()
    world.account.quota = quota(100)
    await world.start('n-1', 100)
    await world.start('n-2', 100)
    await world.handlerOf()(scheduled)
    const { 'n-1': one = 0, 'n-2': other = 0 } = fedByNotice(world)
    // 500 of 1,000, less the 100 that are gone: four batches, some of which are queued again as nobody claims them.
    expect(new Set([one, other].map(Math.sign))).toEqual(new Set([1, 0]))
    const fed = await Promise.all(['n-1', 'n-2'].map(id => recipientsFed(world, id)))
    expect(fed.reduce((sum, recipients) => sum + recipients, 0)).toBe(400)
  })

  it('is not kept for pointers that the senders of a waiting notice drop: the urgent one may use it', async () => {
    const world = dispatcherWorld()
    world.account.quota = quota(100)
    await world.start('n-1', 4)
    await world.handlerOf()(scheduled)
    expect(await recipientsFed(world, 'n-1')).toBe(400)
    await world.start('n-urgent', 4, { pace: { urgent: true } })
    await during(world, 11_000, async () => expect(await recipientsFed(world, 'n-urgent')).toBe(400))
  })

  it('has a batch sent that is larger than the share of a whole day, in a fresh one', async () => {
    const world = dispatcherWorld()
    world.account.quota = { ...quota(0), max24HourSend: 121 }
    await world.start('n-1', 2)
    await during(world, 1_000, async () => expect(await recipientsFed(world, 'n-1')).toBe(100))
  })

  it('counts what senders still hold of the run before', async () => {
    const world = dispatcherWorld()
    world.account.quota = quota(200)
    await world.start('n-1', 4)
    await world.claim('n-1', 0)
    await world.claim('n-1', 1)
    await world.notices.stop('n-1', { kind: 'operator', by: 'ada' }, world.clock.now())
    await world.notices.resume('n-1', { by: 'ada', pace: usualPace }, world.clock.now())
    await during(world, 1_000, async () => expect(await recipientsFed(world, 'n-1')).toBe(100))
  })

  it('is not overrun while SES does not say how much of it is gone', async () => {
    const world = dispatcherWorld()
    world.account.quota = quota(100)
    await world.start('n-1', 100)
    const handle = world.handlerOf()
    await world.clock.drive(
      Promise.all([
        handle(scheduled),
        world.clock.sleep(1_000).then(async () => {
          world.account.quota = undefined
          const fed = world.queue.drain().map(({ batch }) => batch)
          for (const batch of fed) await (await world.finishBatch('n-1', batch))()
        }),
      ]),
    )
    expect(await recipientsFed(world, 'n-1')).toBe(400)
  })

  it('is said to be what a notice waits for as soon as it is used up, also with batches in flight', async () => {
    const world = dispatcherWorld()
    await world.start('n-1', 100)
    await world.handlerOf()(scheduled)
    expect(await waitsFor(world, 'n-1')).toBeUndefined()
    world.account.quota = quota(500)
    await world.handlerOf()(scheduled)
    expect(await waitsFor(world, 'n-1')).toBe('daily-quota')
  })

  it('is waited for in the open, without haste and without alarm where the notice may take days; then it goes on', async () => {
    const world = dispatcherWorld()
    world.account.quota = quota(450)
    await world.start('n-1', 100, { pace: { overDays: true } })
    const beganMs = world.clock.now()
    await world.handlerOf()(scheduled)
    expect(await waitsFor(world, 'n-1')).toBe('daily-quota')
    expect(world.clock.now() - beganMs).toBeLessThan(10_000)
    for (let minute = 0; minute < 10; minute++) {
      await world.handlerOf()(scheduled)
      await world.clock.drive(world.clock.sleep(60_000))
    }
    expect(world.reasons()).toEqual([])
    expect(fedByNotice(world)).toEqual({})
    world.account.quota = quota(200)
    await world.handlerOf()(scheduled)
    expect(await waitsFor(world, 'n-1')).toBeUndefined()
    expect(world.queue.drain().length).toBeGreaterThan(0)
  })
})

describe('Lanes', () => {
  const lanes = { '163.com': 5 }

  it('have pacers of their own, and the main lane what they leave', async () => {
    const world = dispatcherWorld()
    await world.start('n-1', 10, { lanes: { '163.com': 10 } })
    await world.handlerOf({ lanes })(scheduled)
    expect(await world.pacerStoreOf('163.com').read()).toMatchObject({ baseIntervalUs: 200_000 })
    expect(await world.pacerStore.read()).toMatchObject({ baseIntervalUs: 1e6 / 45 })
    const inLane = world.queue.drain().filter(({ lane }) => lane === '163.com')
    expect(inLane.length).toBeGreaterThan(0)
    expect(inLane.every(({ batch }) => batch >= 10)).toBe(true)
  })

  it('give the main lane all of the rate back when they have nothing left', async () => {
    const world = dispatcherWorld()
    await world.start('n-1', 10, { lanes: { '163.com': 1 } })
    const handle = world.handlerOf({ lanes })
    await Promise.all([handle(scheduled), world.clock.sleep(1_000).then(() => world.finishBatch('n-1', 10))])
    const { baseIntervalUs = 0 } = (await world.pacerStore.read()) ?? {}
    expect(1e6 / baseIntervalUs).toBeCloseTo(50, 1)
  })
})
