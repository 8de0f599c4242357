import { waitOf } from '../../functions/notice/notice.ts'
import { type dispatcherWorld, scheduled } from './dispatcher-world.ts'

type World = ReturnType<typeof dispatcherWorld>

/** Pointers that the world's queue got since it was last looked at, by notice. */
export function fedByNotice({ queue }: World): Readonly<Record<string, number>> {
  const pointers = queue.drain()
  return Object.fromEntries([...Map.groupBy(pointers, ({ noticeId }) => noticeId)].map(([id, of]) => [id, of.length]))
}

/** One call of the dispatcher, during which `then` happens after so many milliseconds. */
export async function during(world: World, afterMs: number, then: () => Promise<unknown>) {
  const handle = world.handlerOf()
  await world.clock.drive(Promise.all([handle(scheduled), world.clock.sleep(afterMs).then(then)]))
}

/** In this turn, in batches of a hundred. */
export async function recipientsFed({ notices }: World, noticeId: string) {
  const { queued = {} } = (await notices.read(noticeId))?.feed ?? {}
  return 100 * Object.values(queued).reduce((sum, batches) => sum + batches, 0)
}

export async function waitsFor({ notices }: World, noticeId: string) {
  const notice = await notices.read(noticeId)
  return notice && waitOf(notice)?.for
}
