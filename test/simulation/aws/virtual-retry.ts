import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import type { Clock } from '../../../functions/runtime/clock.ts'
import type { Random } from '../../../functions/runtime/random.ts'

type RetryStrategy = NonNullable<DynamoDBClientConfig['retryStrategy']>

const CAPACITY = 500
const RETRY_COST = 14
const THROTTLING_COST = 5
const THROTTLING_BASE_MS = 1000
const DELAY_MAX_MS = 20_000

export interface RetryLimits {
  readonly maxAttempts: number
  readonly baseDelayMs: number
}

/** `StandardRetryStrategy` of @smithy/core, with its costs and delays, which sleeps in virtual time and draws from `random`. */
export function virtualRetry(clock: Clock, random: Random, { maxAttempts, baseDelayMs }: RetryLimits): RetryStrategy {
  let capacity = CAPACITY
  return {
    acquireInitialRetryToken: async () => token(0, undefined),
    refreshRetryTokenForRetry: async (used, { errorType }) => {
      const throttled = errorType === 'THROTTLING'
      const cost = throttled ? THROTTLING_COST : RETRY_COST
      const count = used.getRetryCount()
      const passing = throttled || errorType === 'TRANSIENT'
      if (!passing || count + 1 >= maxAttempts || capacity < cost) throw new Error('No retry token available')
      capacity -= cost
      const ceilingMs = Math.min(DELAY_MAX_MS, (throttled ? THROTTLING_BASE_MS : baseDelayMs) * 2 ** count)
      await clock.sleep(Math.floor(uniform(random) * ceilingMs))
      return token(count + 1, cost)
    },
    recordSuccess: used => {
      const cost = 'getRetryCost' in used && typeof used.getRetryCost === 'function' ? used.getRetryCost() : undefined
      capacity = Math.min(CAPACITY, capacity + (cost ?? 1))
    },
  }
}

const token = (count: number, cost: number | undefined) => ({
  getRetryCount: () => count,
  getRetryDelay: () => 0,
  getRetryCost: () => cost,
})

function uniform(random: Random): number {
  const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4)
  return (((a * 256 + b) * 256 + c) * 256 + d) / 2 ** 32
}
