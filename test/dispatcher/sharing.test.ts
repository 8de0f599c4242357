import { describe, expect, it } from 'vitest'
import { dispatcherWorld, scheduled } from './dispatcher-world.ts'
import { during, fedByNotice, waitsFor } from './feeding.ts'

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

  it('give way to an urgent one that has just begun, however little it has to do', async () => {
    const world = dispatcherWorld()
    await world.start('n-1', 100)
    await world.start('n-urgent', 1, { pace: { urgent: true } })
    await during(world, 1_000, async () => {
      expect(fedByNotice(world)).toEqual({ 'n-urgent': 1 })
      expect(await waitsFor(world, 'n-1')).toBe('urgent-notice')
    })
    expect(await waitsFor(world, 'n-1')).toBeUndefined()
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
