import { describe, expect, it } from 'vitest'
import { emptyTally } from '../../functions/notice/notice.ts'
import { dispatcherWorld, START_MS, scheduled } from './dispatcher-world.ts'

describe('The counts', () => {
  it('are those of the rows, whatever the cache says', async () => {
    const { start, handlerOf, notices } = dispatcherWorld()
    await start('n-1')
    await notices.addToTally('n-1', { ...emptyTally, accepted: 300 }, 3, START_MS)
    await handlerOf()({ noticeId: 'n-1' })
    expect(await notices.read('n-1')).toMatchObject({ state: 'sending', batchesDone: 0, tally: { accepted: 0 } })
  })

  it('are exact at the end of a notice whose senders died after their last batch', async () => {
    const { start, handlerOf, finishBatch, notices } = dispatcherWorld()
    await start('n-1')
    for (const batch of [0, 1, 2]) await finishBatch('n-1', batch)
    await handlerOf()(scheduled)
    expect(await notices.read('n-1')).toMatchObject({ state: 'finished', tally: { accepted: 300 }, batchesDone: 3 })
  })

  it('end exact although two dispatchers and slow senders count the same batches', async () => {
    const { start, handlerOf, finishBatch, notices, clock } = dispatcherWorld()
    await start('n-1')
    const counts = await Promise.all([0, 1, 2].map(batch => finishBatch('n-1', batch)))
    const late = clock.sleep(1_000).then(async () => {
      for (const count of counts) await count()
      expect(await notices.read('n-1')).toMatchObject({ state: 'finished', tally: { accepted: 600 } })
    })
    await Promise.all([handlerOf()({ noticeId: 'n-1' }), handlerOf()({ noticeId: 'n-1' }), late])
    expect(await notices.read('n-1')).toMatchObject({ state: 'finished', tally: { accepted: 300 }, batchesDone: 3 })
  })

  it('end exact although a sender counts while they are being corrected', async () => {
    const { start, handlerOf, finishBatch, notices, ledger } = dispatcherWorld()
    await start('n-1', 2)
    const counts = await Promise.all([0, 1].map(batch => finishBatch('n-1', batch)))
    const late = {
      ...ledger,
      readBatches: async function* (noticeId: string) {
        if ((await notices.read(noticeId))?.state === 'finished') await counts.pop()?.()
        yield* ledger.readBatches(noticeId)
      },
    }
    await handlerOf({ ledger: late })(scheduled)
    expect(counts).toEqual([])
    expect(await notices.read('n-1')).toMatchObject({ state: 'finished', tally: { accepted: 200 }, batchesDone: 2 })
  })
})
