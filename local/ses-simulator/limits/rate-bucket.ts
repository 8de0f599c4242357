/**
 * MaxSendRate as a token bucket. SES publishes no burst size ("short bursts, but not sustained"), so the simulator
 * grants one that is surely within it. The bucket is charged in recipients, at the request's time of arrival.
 */
export interface RateLimit {
  readonly maxSendRate: number
  readonly bucketDepthSeconds: number
}

export interface RateBucket {
  /** Below zero after a message with more recipients than the bucket holds. */
  readonly tokens: number
  readonly atMs: number
}

/** Wall-clock milliseconds are doubles with steps of 0.0002 ms: the next slot on the dot must not look early. */
const ROUNDING_TOKENS = 0.001

/** Two at least, for below 20/s a 0.1 s bucket could not bear any jitter of evenly paced sends. */
const CAPACITY_MIN_TOKENS = 2

export function bucketCapacity({ maxSendRate, bucketDepthSeconds }: RateLimit): number {
  return Math.max(CAPACITY_MIN_TOKENS, maxSendRate * bucketDepthSeconds)
}

export function fullBucket(limit: RateLimit, nowMs: number): RateBucket {
  return { tokens: bucketCapacity(limit), atMs: nowMs }
}

export type RateDecision = { readonly admitted: boolean; readonly bucket: RateBucket }

/**
 * A message larger than the bucket needs a full one and leaves a debt, as SES lets a message to five through at 1/s and
 * then refuses for five seconds. A refusal costs nothing. A time before the last one counts as the last one.
 */
export function takeTokens(
  bucket: RateBucket,
  limit: RateLimit,
  arrivedAtMs: number,
  recipients: number,
): RateDecision {
  const capacity = bucketCapacity(limit)
  const atMs = Math.max(bucket.atMs, arrivedAtMs)
  const refilled = bucket.tokens + ((atMs - bucket.atMs) * limit.maxSendRate) / 1000
  const tokens = Math.min(capacity, refilled)
  const admitted = tokens + ROUNDING_TOKENS >= Math.min(recipients, capacity)
  return { admitted, bucket: { tokens: admitted ? tokens - recipients : tokens, atMs } }
}
