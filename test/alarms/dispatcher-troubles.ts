import { emptyEffort } from '../../functions/ledger/batch.ts'
import { emptyCounts } from '../../functions/ledger/counts.ts'
import { emptyTally } from '../../functions/notice/notice.ts'
import type { StallReason } from '../../functions/notice/stall-reasons.ts'
import { createPacer } from '../../functions/pacer/pacer.ts'
import { dispatcherWorld, scheduled } from '../dispatcher/dispatcher-world.ts'
import { hearMetrics } from './hear-metrics.ts'
import type { Trouble } from './sender-troubles.ts'

type World = ReturnType<typeof dispatcherWorld>

interface Minutes {
  readonly count: number
  /** What is so before the first minute. A notice of three batches is being sent unless told otherwise. */
  readonly before?: (world: World) => Promise<unknown>
  /** What happens in each minute before the dispatcher is called. */
  readonly each?: (world: World, minute: number) => Promise<unknown>
  /** Whether the schedule calls at all in this minute. */
  readonly called?: (minute: number) => boolean
}

/** The dispatcher as the schedule calls it, each minute, over stores in memory. */
export function minutes({ count, before, each, called = () => true }: Minutes): Trouble {
  return async () => {
    const world = dispatcherWorld()
    const { clock } = world
    const heard = hearMetrics(clock)
    let readings = 0
    // As on a real clock, no two readings are the same.
    const ticking = { ...clock, now: () => clock.now() + readings++ / 1_000 }
    const handle = world.handlerOf({ metrics: heard.metricsOf('dispatcher'), clock: ticking })
    await (before ?? (({ start }) => start('n-1')))(world)
    const calls: Promise<unknown>[] = []
    for (let minute = 0; minute < count; minute++) {
      await each?.(world, minute)
      if (called(minute)) calls.push(handle(scheduled).catch(() => {}))
      await clock.drive(clock.sleep(60_000))
    }
    return { samples: heard.samples, untilMs: clock.now() }
  }
}

const quotaOf = (changed: Partial<NonNullable<World['account']['quota']>>) => async (world: World) => {
  world.account.quota = {
    ...{ maxSendRate: 100, max24HourSend: undefined, sentLast24Hours: 0, sendingEnabled: true },
    ...changed,
  }
  await world.start('n-1', 12)
}

async function giveBackInDoubt({ claim, ledger, clock }: World): Promise<void> {
  const holder = await claim('n-1', 0)
  const tally = { ...emptyTally, inDoubt: 10 }
  await ledger.release(holder, { ...emptyCounts, ...emptyEffort, tally }, clock.now() + 60_000)
}

/** Each way to make no progress; eight minutes of it are enough. */
const stalls: Readonly<Record<StallReason, Omit<Minutes, 'count'>>> = {
  'table-trouble': {
    before: async world => {
      await world.start('n-1')
      world.ledger.readBatches = () => {
        throw new Error('ThrottlingException')
      }
    },
  },
  'sending-disabled': { before: quotaOf({ sendingEnabled: false }) },
  'quota-used-up': { before: quotaOf({ max24HourSend: 1_000, sentLast24Hours: 600 }) },
  'no-rate': { before: quotaOf({ maxSendRate: 0 }) },
  'slots-far-ahead': {
    each: async ({ pacerStore, clock }) => {
      const state = await pacerStore.read()
      if (state) await pacerStore.replace(state, { ...state, tatUs: (clock.now() + 600_000) * 1000 })
    },
  },
  throttled: { each: async ({ pacerStore, clock }) => createPacer(pacerStore, clock).throttled() },
  'answers-lost': { each: async (world, minute) => (minute < 1 ? undefined : giveBackInDoubt(world)) },
  'senders-die': { each: async (world, minute) => (minute % 2 === 0 ? world.claim('n-1', 0) : undefined) },
  'behind-another': {
    before: async world => {
      await world.start('n-1', 12)
      await world.start('n-2')
    },
    each: async ({ finishBatch }, minute) => finishBatch('n-1', minute),
  },
  'no-sender-comes': {},
  unexplained: { each: async ({ claim }, minute) => (minute < 6 ? undefined : claim('n-1', minute - 6)) },
}

export const dispatcherTroubles: Readonly<Record<string, Trouble>> = {
  ...Object.fromEntries(
    Object.entries(stalls).map(([reason, stall]) => [`NoProgress-${reason}`, minutes({ count: 8, ...stall })]),
  ),
  // Something else of the account has used most of the quota since the notice was started.
  QuotaNearlyUsed: minutes({ count: 3, before: quotaOf({ max24HourSend: 10_000, sentLast24Hours: 4_500 }) }),
  DispatcherSilent: minutes({ count: 16, before: async () => {}, called: minute => minute < 8 }),
}
