import { setTimeout as delay } from 'node:timers/promises'

/** Time as a parameter, so that the same code runs in Lambda, on one computer and in virtual time. */
export interface Clock {
  /** Milliseconds since 1970, with fractions where the platform has them. */
  now(): number
  sleep(durationMs: number): Promise<void>
}

/** Date.now() has whole milliseconds, so the two may differ by one and by what lies between reading them. */
const APART_MS = 5

/**
 * A fine time that counts from `wall` by `steady`. Lambda freezes a process between two calls, and a steady time may stand
 * still meanwhile; so may a time service set the wall's. Where they come apart, the wall is right.
 */
export function fineTime(wall: () => number, steady: () => number): () => number {
  let anchorMs = wall() - steady()
  return () => {
    const [wallMs, steadyMs] = [wall(), steady()]
    if (Math.abs(wallMs - (anchorMs + steadyMs)) > APART_MS) anchorMs = wallMs - steadyMs
    return anchorMs + steadyMs
  }
}

export const systemClock: Clock = {
  now: fineTime(Date.now, () => performance.now()),
  sleep: durationMs => (durationMs > 0 ? delay(durationMs, undefined) : Promise.resolve()),
}
