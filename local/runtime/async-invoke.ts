import type { Clock } from '../../functions/runtime/clock.ts'
import type { FunctionPool } from './function-pool.ts'
import type { Invocation } from './invocation.ts'

/** Lambda waits one minute and then two before it tries again; nobody at a computer waits that long. */
const RETRY_DELAYS_MS: readonly number[] = [1_000, 2_000]

/** Lambda's asynchronous invocation: a failed one is repeated as often as the function's settings say, then given up. */
export async function invokeAsync(
  pool: FunctionPool,
  event: unknown,
  sleep: Clock['sleep'],
  retryDelaysMs = RETRY_DELAYS_MS,
): Promise<Invocation> {
  let invocation = await pool.invoke(event)
  for (const delayMs of retryDelaysMs.slice(0, pool.definition.asyncRetries)) {
    if (invocation.kind === 'returned') break
    await sleep(delayMs)
    invocation = await pool.invoke(event)
  }
  return invocation
}
