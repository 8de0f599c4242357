import type { StopAccount } from '../ledger/batch.ts'

/** One call to SES, by this sender's clock. Without an end it has no answer yet. */
export interface CallTime {
  readonly beganAtMs: number
  endedAtMs?: number
}

/** What became of the calls of one claim around a stop: how many were in flight, and how many began after it. */
export function accountForStop(calls: readonly CallTime[], run: number, stoppedAtMs: number): StopAccount {
  const after = calls.filter(({ beganAtMs }) => beganAtMs > stoppedAtMs)
  const inFlight = calls.filter(
    ({ beganAtMs, endedAtMs }) => beganAtMs <= stoppedAtMs && (endedAtMs === undefined || endedAtMs > stoppedAtMs),
  )
  const last = after.reduce((latest, { beganAtMs }) => Math.max(latest, beganAtMs - stoppedAtMs), 0)
  return {
    run,
    inFlight: inFlight.length,
    after: after.length,
    ...(after.length > 0 && { lastCallAfterMs: Math.round(last) }),
  }
}
