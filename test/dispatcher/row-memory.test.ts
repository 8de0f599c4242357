import { expect, it } from 'vitest'
import { orderBatches } from '../../functions/dispatcher/order-batches.ts'
import { readNotice } from '../../functions/dispatcher/read-notice.ts'
import { rememberRows } from '../../functions/dispatcher/row-memory.ts'
import { usualPace } from '../../functions/notice/notice.ts'
import { dispatcherWorld } from './dispatcher-world.ts'

/** A notice of which the first batches were fed, and a count of which rows are read for it, and how. */
async function rowWorld(batches: number) {
  const world = dispatcherWorld()
  const { notices, ledger, clock } = world
  await world.start('n-1', batches)
  const reads = { all: 0, single: [] as number[] }
  const memory = rememberRows({
    clock,
    ledger: {
      readBatches: noticeId => {
        reads.all++
        return ledger.readBatches(noticeId)
      },
      readBatch: (noticeId, batch) => {
        reads.single.push(batch)
        return ledger.readBatch(noticeId, batch)
      },
    },
  })

  async function sending() {
    const notice = await readNotice(world, 'n-1')
    if (notice === undefined) throw new Error('The notice is not being sent')
    return notice
  }

  async function look() {
    const notice = await sending()
    const slices = await world.audiences.readBatchSlices(notice.audience.audienceId, notice.audience.digest)
    reads.all = 0
    reads.single = []
    const rows = await clock.drive(memory.read(notice, slices))
    return { ...rows, all: reads.all, single: reads.single }
  }

  async function feed(count: number): Promise<void> {
    const notice = await sending()
    const told = { run: notice.run, turn: 1, sinceMs: 0, atMs: clock.now(), ratePerSecond: 14, beside: 0 }
    await notices.recordFeed(notice, { ...told, queued: { '': count } })
  }
  return { ...world, order: orderBatches('n-1', batches), look, feed }
}

const sorted = (batches: readonly number[]) => batches.toSorted((a, b) => a - b)

it('reads all rows at first, and then those that were fed and are not done', async () => {
  const { order, look, feed, finishBatch } = await rowWorld(500)
  await feed(3)
  expect(await look()).toMatchObject({ exact: true, all: 1, single: [] })
  await finishBatch('n-1', order[0] ?? -1)
  const second = await look()
  expect(second).toMatchObject({ exact: false, all: 0, sum: { batchesDone: 1, tally: { accepted: 100 } } })
  expect(sorted(second.single)).toEqual(sorted(order.slice(0, 3)))
  await feed(4)
  expect(sorted((await look()).single)).toEqual(sorted(order.slice(1, 4)))
})

it('reads what somebody holds, although it was not fed since', async () => {
  const { order, look, claim } = await rowWorld(500)
  await claim('n-1', order[9] ?? -1)
  await look()
  expect(await look()).toMatchObject({ single: [order[9]] })
})

it('reads all again after a while that grows with the rows, when much is under way, and in a new run', async () => {
  const { order, look, feed, finishBatch, clock, notices } = await rowWorld(3_000)
  for (const batch of order.slice(0, 2_000)) await finishBatch('n-1', batch)
  await feed(2_010)
  await look()
  await clock.drive(clock.sleep(19_900))
  expect(await look()).toMatchObject({ all: 0, exact: false, sum: { batchesDone: 2_000 } })
  await clock.drive(clock.sleep(200))
  expect(await look()).toMatchObject({ all: 1, exact: true, sum: { batchesDone: 2_000 } })
  expect(await look()).toMatchObject({ all: 0 })
  await feed(2_050)
  expect(await look()).toMatchObject({ all: 1 })
  await feed(2_010)
  await notices.stop('n-1', { kind: 'operator', by: 'ada' }, clock.now())
  await notices.resume('n-1', { by: 'ada', pace: usualPace }, clock.now())
  expect(await look()).toMatchObject({ all: 1 })
})
