import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketCapacity, fullBucket, takeTokens } from '../../../local/ses-simulator/limits/rate-bucket.ts'

const limits = fc.record({
  maxSendRate: fc.double({ min: 0.5, max: 2_000, noNaN: true }),
  bucketDepthSeconds: fc.double({ min: 0, max: 1, noNaN: true }),
})
/** Bursts, paces, pauses, and arrivals out of order. */
const gapMs = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.double({ min: -5, max: 50, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: 1_000, max: 100_000, noNaN: true }) },
)
const arrivals = fc.array(fc.record({ gapMs, recipients: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 50 })) }), {
  maxLength: 200,
})

function admit(limit: { maxSendRate: number; bucketDepthSeconds: number }, atMs: readonly number[]): boolean[] {
  let bucket = fullBucket(limit, atMs[0] ?? 0)
  return atMs.map(at => {
    const decision = takeTokens(bucket, limit, at, 1)
    bucket = decision.bucket
    return decision.admitted
  })
}

test('a burst of 0.1 s of the rate passes at once and the next message is throttled', () => {
  const burst = admit(
    { maxSendRate: 200, bucketDepthSeconds: 0.1 },
    Array.from({ length: 25 }, () => 1_000),
  )
  expect(burst).toEqual([...Array.from({ length: 20 }, () => true), ...Array.from({ length: 5 }, () => false)])
})

test('over any interval, no more recipients are admitted than rate × time + depth', () => {
  fc.assert(
    fc.property(limits, arrivals, (limit, gaps) => {
      let nowMs = 1_790_000_000_000
      let bucket = fullBucket(limit, nowMs)
      const admitted: { atMs: number; recipients: number }[] = []
      for (const { gapMs, recipients } of gaps) {
        nowMs += gapMs
        const decision = takeTokens(bucket, limit, nowMs, recipients)
        bucket = decision.bucket
        if (decision.admitted) admitted.push({ atMs: bucket.atMs, recipients })
      }
      const depth = bucketCapacity(limit)
      for (const [first, start] of admitted.entries()) {
        let sum = 0
        for (const { atMs, recipients } of admitted.slice(first)) {
          // A message larger than the bucket passes once the bucket is full, and is owed afterwards.
          const bound = (limit.maxSendRate * (atMs - start.atMs)) / 1000 + depth + Math.max(0, recipients - depth)
          sum += recipients
          expect(sum).toBeLessThanOrEqual(bound + 0.01)
        }
      }
    }),
  )
})

test('sends paced evenly at the rate are never throttled, with any jitter below half of the depth', () => {
  const jitters = fc.array(fc.double({ min: 0, max: 0.045, noNaN: true }), { minLength: 200, maxLength: 200 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), jitters, (maxSendRate, jitter) => {
      const times = jitter.map((seconds, index) => 1_790_000_000_000 + (index / maxSendRate + seconds) * 1000)
      expect(
        admit(
          { maxSendRate, bucketDepthSeconds: 0.1 },
          times.toSorted((a, b) => a - b),
        ),
      ).not.toContain(false)
    }),
    { numRuns: 50 },
  )
})

test('a message to more recipients than the bucket holds passes once and is then owed', () => {
  const limit = { maxSendRate: 1, bucketDepthSeconds: 0.1 }
  const first = takeTokens(fullBucket(limit, 0), limit, 0, 5)
  expect(first.admitted).toBe(true)
  expect(takeTokens(first.bucket, limit, 3_900, 1).admitted).toBe(false)
  expect(takeTokens(first.bucket, limit, 4_000, 1).admitted).toBe(true)
})

test('a refused message costs nothing', () => {
  const limit = { maxSendRate: 100, bucketDepthSeconds: 0.1 }
  const empty = takeTokens(fullBucket(limit, 0), limit, 0, 10).bucket
  const refused = takeTokens(empty, limit, 5, 1)
  expect(refused.admitted).toBe(false)
  expect(takeTokens(refused.bucket, limit, 10, 1).admitted).toBe(true)
})
