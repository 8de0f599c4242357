import type { Clock } from '../functions/runtime/clock.ts'
import { PassingFailure } from './command-failure.ts'

const PAUSES_MS = [250, 500, 1_000, 2_000, 4_000]

/** Tries again what failed for a reason that may pass, for some seconds. Only for what may be asked twice. */
export async function patiently<T>(clock: Clock, attempt: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof PassingFailure)) throw error
      await clock.sleep(pauseMs)
    }
  }
  return attempt()
}
