import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '../../functions/runtime/clock.ts'
import type { FunctionReport } from '../../local/runtime/function-pool.ts'
import type { LocalStack } from '../../local/stack.ts'
import { chosen, type Kill } from './schedule.ts'

/** A process that was killed. */
export interface Killed {
  readonly victim: Kill['victim']
  readonly room: string
  readonly processId: number
  /** From the start of the notice. */
  readonly atMs: number
}

/** Kills by the schedule, as `kill -9` does, until the signal. */
export async function killUntil(
  stack: Pick<LocalStack, 'functionReports'>,
  schedule: Iterable<Kill>,
  { startedAtMs, signal }: { startedAtMs: number; signal: AbortSignal },
): Promise<readonly Killed[]> {
  const killed: Killed[] = []
  for (const kill of schedule) {
    const waitMs = Math.max(0, startedAtMs + kill.atMs - systemClock.now())
    await delay(waitMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) break
    for (const { room, processId } of victims(kill, stack.functionReports())) {
      if (endProcess(processId)) {
        killed.push({ victim: kill.victim, room, processId, atMs: Math.round(systemClock.now() - startedAtMs) })
      }
    }
  }
  return killed
}

function victims(kill: Kill, reports: readonly FunctionReport[]): readonly { room: string; processId: number }[] {
  if (kill.victim === 'everything') {
    return reports.flatMap(({ room, processIds }) => processIds.map(processId => ({ room, processId })))
  }
  const senders = reports.filter(({ room }) => room === 'sender').flatMap(({ processIds }) => processIds)
  const processId = chosen(senders, kill.draw)
  return processId === undefined ? [] : [{ room: 'sender', processId }]
}

/** False when it had ended already. */
function endProcess(processId: number): boolean {
  try {
    return process.kill(processId, 'SIGKILL')
  } catch {
    return false
  }
}
