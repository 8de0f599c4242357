import type { Log, LogFields } from '../../functions/runtime/log.ts'
import { withoutAddresses } from '../../functions/runtime/log.ts'
import type { Metrics } from '../../functions/runtime/metrics.ts'
import type { Process, World } from './process.ts'

/** The log and the metrics of a process, as CloudWatch would get them. Of a dead process nothing is heard any more. */
export function listen(
  { history, scheduler }: World,
  process: Process,
): { readonly log: Log; readonly metrics: Metrics } {
  const { name, room } = process
  const say =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}, cause?: unknown): void => {
      if (!process.alive()) return
      const text = [message, JSON.stringify(fields), ...(cause === undefined ? [] : [errorText(cause)])].join(' ')
      const { invocation, faultsMet } = process
      history.add({ kind: 'log', atMs: scheduler.now(), process: name, room, invocation, level, faultsMet, text })
    }
  return {
    log: { info: say('info'), warn: say('warn'), error: say('error') },
    metrics: {
      count: (metric, value) => {
        if (value > 0 && process.alive()) {
          history.add({ kind: 'metric', atMs: scheduler.now(), process: name, name: metric, value })
        }
      },
      flush: () => {},
    },
  }
}

/** The real log takes the addresses out of other people's errors; of its own words the code must. */
function errorText(cause: unknown): string {
  return withoutAddresses(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause))
}
