import type { History } from './history.ts'
import type { Scheduler } from './scheduler.ts'
import type { SeededRandom } from './seeded-random.ts'

/**
 * What may go wrong, and how often where it may: the chance of each opportunity. A family that takes a resource away for a
 * while has a low one.
 */
export const faultFamilies = {
  'dynamodb-throttle': 0.03,
  'dynamodb-lost-request': 0.01,
  'dynamodb-lost-answer': 0.02,
  'dynamodb-server-error': 0.01,
  'dynamodb-unprocessed': 0.05,
  'dynamodb-stale-index': 0.3,
  'dynamodb-small-page': 0.2,
  'dynamodb-unreachable': 0.002,
  's3-server-error': 0.05,
  's3-lost-answer': 0.05,
  'sqs-throttle': 0.05,
  'sqs-lost-answer': 0.05,
  'sqs-partial-failure': 0.1,
  'sqs-lost-message': 0.05,
  'sqs-duplicate': 0.1,
  'sqs-delay': 0.1,
  'sqs-reorder': 0.5,
  'sqs-visibility-expires': 0.05,
  'sqs-delete-lost': 0.1,
  'ses-throttle': 0.03,
  'ses-refuses-recipient': 0.03,
  'ses-refuses-for-now': 0.03,
  'ses-accepts-unanswered': 0.03,
  'ses-lost-request': 0.02,
  'ses-server-error': 0.03,
  'ses-slow': 0.05,
  'ses-paused': 0.003,
  'ses-quota': 0.003,
  'ses-account-error': 0.1,
  'event-late': 0.2,
  'event-duplicate': 0.1,
  'event-missing': 0.05,
  'event-reorder': 0.3,
  'bounce-permanent': 0.05,
  'bounce-transient': 0.05,
  'bounce-suppressed': 0.03,
  complaint: 0.03,
  'delivery-delay': 0.05,
  'reject-event': 0.02,
  'lambda-crash': 0.004,
  'lambda-freeze': 0.002,
  'lambda-cold': 0.1,
  'lambda-retire': 0.05,
  'invoke-lost': 0.1,
  'invoke-duplicate': 0.1,
  'minute-missed': 0.2,
  'minute-twice': 0.1,
  'network-uneven': 0.3,
  'network-tail': 0.01,
  'timer-late': 0.02,
  'clock-skew': 0.5,
  'dynamodb-paused': 0.002,
  'lambda-herd': 0.001,
  'kms-throttle': 0.1,
  'kms-server-error': 0.05,
  'kms-lost-answer': 0.05,
} as const
export type FaultFamily = keyof typeof faultFamilies

/** The chance of each family that a seed has switched on. */
export type FaultWeights = Partial<Readonly<Record<FaultFamily, number>>>

/** Swarm testing: which families are on, and how heavily, differs from seed to seed; now and then nothing disturbs. */
export function drawFaultWeights(random: SeededRandom): FaultWeights {
  if (random.chance(0.1)) return {}
  const density = random.pick([0.1, 0.3, 0.5, 0.8])
  const skew = random.acrossScales(0.3, 3)
  const weights: Partial<Record<FaultFamily, number>> = {}
  for (const family of familyNames) {
    if (random.chance(density))
      weights[family] = Math.min(0.5, faultFamilies[family] * skew * random.acrossScales(0.3, 3))
  }
  return weights
}

export const familyNames = Object.keys(faultFamilies) as readonly FaultFamily[]

export interface Faults {
  /** Whether the fault happens at this opportunity. Recorded when it does. */
  fires(family: FaultFamily, about: string): boolean
  /** How many faults have happened. */
  fired(): number
  /** How often a fault of each family happened. */
  counts(): Readonly<Partial<Record<FaultFamily, number>>>
  has(family: FaultFamily): boolean
  /** From now on nothing goes wrong. */
  end(): void
  ended(): boolean
  /** The draws that shape a fault, such as how long it lasts. */
  readonly random: SeededRandom
}

export function createFaults(
  weights: FaultWeights,
  { random, history, scheduler }: { random: SeededRandom; history: History; scheduler: Scheduler },
): Faults {
  const counts: Partial<Record<FaultFamily, number>> = {}
  let fired = 0
  let ended = false
  return {
    random,
    fires: (family, about) => {
      const weight = weights[family]
      if (weight === undefined || ended || !random.chance(weight)) return false
      fired++
      counts[family] = (counts[family] ?? 0) + 1
      history.add({ kind: 'fault', atMs: scheduler.now(), family, about })
      return true
    },
    fired: () => fired,
    counts: () => counts,
    has: family => !ended && weights[family] !== undefined,
    end: () => {
      ended = true
    },
    ended: () => ended,
  }
}
