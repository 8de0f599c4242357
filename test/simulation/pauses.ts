import type { ServiceName } from './aws/simulated-service.ts'
import type { World } from './process.ts'

const PAUSED_MS = [500, 20_000] as const

/**
 * A service that answers nothing for a while, loses nothing, and then does at one moment all that was asked of it meanwhile: each
 * request with the time of day that its sender wrote into it.
 */
export function createPauses({ scheduler, faults }: World) {
  let pausedUntilMs = 0
  return {
    mayBegin(service: ServiceName, about: string): void {
      if (service !== 'dynamodb' || scheduler.now() < pausedUntilMs || !faults.fires('dynamodb-paused', about)) return
      pausedUntilMs = scheduler.now() + faults.random.acrossScales(...PAUSED_MS)
    },
    /** Until when what arrives now is held back; undefined when it is not. */
    heldUntilMs(service: ServiceName): number | undefined {
      return service === 'dynamodb' && scheduler.now() < pausedUntilMs ? pausedUntilMs : undefined
    },
  }
}
