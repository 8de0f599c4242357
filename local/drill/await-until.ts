import { systemClock } from '../../functions/runtime/clock.ts'

export interface Patience {
  readonly limitMs: number
  readonly intervalMs?: number
}

const INTERVAL_MS = 50

/** Asks until there is an answer. Undefined when it takes longer than the limit. */
export async function awaitUntil<Answer>(
  ask: () => Promise<Answer | undefined> | Answer | undefined,
  { limitMs, intervalMs = INTERVAL_MS }: Patience,
): Promise<Answer | undefined> {
  const untilMs = systemClock.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined || systemClock.now() >= untilMs) return answer
    await systemClock.sleep(intervalMs)
  }
}
