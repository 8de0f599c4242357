import { fullBucket, takeTokens } from '../../local/ses-simulator/limits/rate-bucket.ts'

/** Seconds of sending that SES lets through at once, as `local/ses-simulator/` has it. */
export const BUCKET_DEPTH_SECONDS = 0.1

/** What an account grants from a moment on. */
export interface RateFrom {
  readonly atMs: number
  readonly ratePerSecond: number
}

/** Everything that SES took and refused, by virtual time. */
export interface SesRecord {
  /** Messages of the notice. */
  readonly acceptedAtMs: number[]
  /** By the pattern of the lane; '' for everybody else. */
  readonly acceptedByLane: Map<string, number[]>
  readonly othersAcceptedAtMs: number[]
  readonly rates: RateFrom[]
  throttles: number
  othersThrottles: number
}

/** The one limit of an account, whoever sends: a token bucket that is charged when a message arrives. */
export interface SesLimit {
  readonly record: SesRecord
  ratePerSecond(): number
  grant(ratePerSecond: number): void
  /** Whether a message of the notice that arrives now is accepted. */
  take(lane?: string): boolean
  /** The same for a message of another system. */
  takeOther(): boolean
}

export function sesLimit(ratePerSecond: number, now: () => number): SesLimit {
  let rate = ratePerSecond
  const settings = () => ({ maxSendRate: rate, bucketDepthSeconds: BUCKET_DEPTH_SECONDS })
  let bucket = fullBucket(settings(), now())
  const record: SesRecord = {
    acceptedAtMs: [],
    acceptedByLane: new Map(),
    othersAcceptedAtMs: [],
    rates: [{ atMs: now(), ratePerSecond }],
    throttles: 0,
    othersThrottles: 0,
  }

  function admits(): boolean {
    const decision = takeTokens(bucket, settings(), now(), 1)
    bucket = decision.bucket
    return decision.admitted
  }

  return {
    record,
    ratePerSecond: () => rate,
    grant: granted => {
      rate = granted
      record.rates.push({ atMs: now(), ratePerSecond: granted })
    },
    take: (lane = '') => {
      if (!admits()) {
        record.throttles++
        return false
      }
      record.acceptedAtMs.push(now())
      const times = record.acceptedByLane.get(lane) ?? []
      record.acceptedByLane.set(lane, times)
      times.push(now())
      return true
    },
    takeOther: () => {
      if (!admits()) {
        record.othersThrottles++
        return false
      }
      record.othersAcceptedAtMs.push(now())
      return true
    },
  }
}
