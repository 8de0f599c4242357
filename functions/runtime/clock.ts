import { setTimeout as delay } from 'node:timers/promises'

/** Time as a parameter, so that the same code runs in Lambda, on one computer and in virtual time. */
export interface Clock {
  /** Milliseconds since 1970, with fractions where the platform has them. */
  now(): number
  sleep(durationMs: number): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: durationMs => (durationMs > 0 ? delay(durationMs, undefined) : Promise.resolve()),
}
