import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { LocalStack } from '../../local/stack.ts'

/** Processor time so far: of the whole computer, and by the parts of a stack. */
export interface ProcessorTimes {
  readonly busyMs: number
  readonly totalMs: number
  /** Empty where the system does not tell of other processes. */
  readonly byPart: Readonly<Record<string, number>>
}

/** A clock tick of /proc: 100 a second on every Linux that Node runs on. */
const TICK_MS = 10

const services: readonly (readonly [string, RegExp])[] = [
  ['ses', /ses-simulator\/main\.ts/],
  ['dynamodb', /services\/main\.ts.*"dynamodb"/],
  ['sqs and s3', /services\/main\.ts/],
]

export function readProcessorTimes(stack: LocalStack): ProcessorTimes {
  const times = cpus().map(({ times }) => times)
  const totalMs = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0)
  const idleMs = times.reduce((sum, { idle }) => sum + idle, 0)
  const rooms = new Map(
    stack.functionReports().flatMap(({ room, processIds }) => processIds.map(pid => [String(pid), room])),
  )
  const byPart: Record<string, number> = {}
  for (const { pid, command, spentMs } of ownProcesses()) {
    const part = rooms.get(pid) ?? services.find(([, pattern]) => pattern.test(command))?.[0] ?? 'stack'
    byPart[part] = (byPart[part] ?? 0) + spentMs
  }
  return { busyMs: totalMs - idleMs, totalMs, byPart }
}

/** The share of the computer that was busy, and the processor time of each part per message, in milliseconds. */
export function processorUse(before: ProcessorTimes, after: ProcessorTimes, messages: number) {
  const perMessageMs = Object.entries(after.byPart)
    .map(([part, spentMs]) => [part, (spentMs - (before.byPart[part] ?? 0)) / messages] as const)
    .toSorted(([, one], [, other]) => other - one)
  return {
    busyShare: (after.busyMs - before.busyMs) / Math.max(1, after.totalMs - before.totalMs),
    perMessageMs: Object.fromEntries(perMessageMs),
  }
}

function ownProcesses(): readonly { pid: string; command: string; spentMs: number }[] {
  const self = String(process.pid)
  return processIds().flatMap(pid => {
    try {
      const [, parent, ...rest] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')
      if (pid !== self && parent !== self) return []
      const [user, system] = rest.slice(9, 11)
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return [{ pid, command, spentMs: (Number(user) + Number(system)) * TICK_MS }]
    } catch {
      // It has ended since the folder was read.
      return []
    }
  })
}

function processIds(): readonly string[] {
  try {
    return readdirSync('/proc').filter(name => /^\d+$/.test(name))
  } catch {
    return []
  }
}
