import { seededUniform } from '../../local/ses-simulator/limits/seeded-random.ts'

/** What OnlyTo is doing, or suffering, when it is told to stop. */
export const situations = ['dispatching', 'waiting', 'full-speed', 'throttled', 'slow-tables'] as const
export type Situation = (typeof situations)[number]

export interface StopPlan {
  readonly situation: Situation
  /** How long the run has gone on when it is stopped. */
  readonly intoRunMs: number
  /** What each call of DynamoDB takes longer, before its effect and before its answer, when the tables are slow. */
  readonly tableDelay: { readonly beforeMs: number; readonly afterMs: number }
}

/**
 * When a run of each situation is stopped, at random between. Senders are at full speed a second after their run began,
 * unless SES has throttled the run before: the pace recovers while the run goes on.
 */
const spansMs: Readonly<Record<Situation, readonly [number, number]>> = {
  dispatching: [0, 500],
  waiting: [500, 3_000],
  'full-speed': [1_000, 6_000],
  throttled: [2_000, 4_000],
  'slow-tables': [2_000, 4_000],
}
const TABLE_DELAY_MS: readonly [number, number] = [50, 1_500]

/** Stops without end: each five have every situation once, in random order. The same seed gives the same stops. */
export function* stopPlans(seed: number): Generator<StopPlan, never> {
  const uniform = seededUniform(seed)
  const between = ([from, to]: readonly [number, number]) => Math.round(from + uniform() * (to - from))
  for (;;) {
    const left: Situation[] = [...situations]
    while (left.length > 0) {
      for (const situation of left.splice(Math.floor(uniform() * left.length), 1)) {
        const intoRunMs = between(spansMs[situation])
        const delayMs = between(TABLE_DELAY_MS)
        const beforeMs = Math.round(delayMs * uniform())
        const slow = situation === 'slow-tables'
        yield {
          situation,
          intoRunMs,
          tableDelay: { beforeMs: slow ? beforeMs : 0, afterMs: slow ? delayMs - beforeMs : 0 },
        }
      }
    }
  }
}
