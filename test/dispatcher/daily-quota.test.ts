import { describe, expect, it } from 'vitest'
import type { BatchPointer } from '../../functions/batch-queue/batch-queue.ts'
import { usualPace } from '../../functions/notice/notice.ts'
import { dispatcherWorld, scheduled } from './dispatcher-world.ts'
import { during, fedByNotice, recipientsFed, waitsFor } from './feeding.ts'

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

  it('is not used twice by two dispatchers that look at the same moment', async () => {
    const world = dispatcherWorld()
    world.account.quota = quota(100)
    for (const noticeId of ['n-1', 'n-2', 'n-3']) await world.start(noticeId, 3)
    const [one, other] = [world.handlerOf(), world.handlerOf()]
    await Promise.all([one(scheduled), other({ noticeId: 'n-1' })])
    const fed = await Promise.all(['n-1', 'n-2', 'n-3'].map(id => recipientsFed(world, id)))
    expect(fed.reduce((sum, recipients) => sum + recipients, 0)).toBe(400)
  })

  it.each(['queue', 'table'] as const)(
    'is kept for what a notice may have been fed with whose %s fails',
    async trouble => {
      const world = dispatcherWorld()
      world.account.quota = quota(100)
      await world.start('n-1', 4)
      if (trouble === 'table') await world.handlerOf()(scheduled)
      await world.start('n-2', 4)
      const failing = (noticeId: string | undefined) => {
        if (noticeId === 'n-1') throw new Error('ServiceUnavailable')
      }
      const troubles = {
        queue: {
          queue: {
            send: async (pointers: readonly BatchPointer[]) => {
              failing(pointers[0]?.noticeId)
              await world.queue.send(pointers)
            },
          },
        },
        table: {
          ledger: {
            ...world.ledger,
            readBatches: (noticeId: string) => {
              failing(noticeId)
              return world.ledger.readBatches(noticeId)
            },
          },
        },
      }
      await world
        .handlerOf(troubles[trouble])(scheduled)
        .catch(() => {})
      expect(world.errors.length).toBeGreaterThan(0)
      expect(await recipientsFed(world, 'n-1')).toBe(400)
      expect(await recipientsFed(world, 'n-2')).toBe(0)
    },
  )

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
    const freeMs = world.clock.now()
    await world.handlerOf()(scheduled)
    expect(await waitsFor(world, 'n-1')).toBeUndefined()
    expect((await world.notices.read('n-1'))?.feed?.sinceMs).toBe(freeMs)
    expect(world.queue.drain().length).toBeGreaterThan(0)
  })
})
