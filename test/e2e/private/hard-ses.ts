import * as z from 'zod'
import { systemClock } from '../../../functions/runtime/clock.ts'
import type { Fault } from '../../../local/ses-simulator/faults.ts'
import type { SesSimulatorOptions } from '../../../local/ses-simulator/options.ts'
import type { PrivateStack } from './private-stack.ts'

/** Few enough in doubt that no sender takes SES to be failing and waits a minute. */
const faults: readonly Fault[] = [
  { kind: 'throttle', next: 4 },
  { kind: 'server-error', accepted: false, next: 2 },
  { kind: 'server-error', accepted: true, next: 2 },
  { kind: 'accept-then-time-out', connection: 'destroyed', next: 2 },
  { kind: 'bounce', next: 4 },
  { kind: 'complaint', next: 4 },
  { kind: 'reject', next: 2 },
  { kind: 'delivery-delay', next: 2 },
  { kind: 'duplicate-event', next: 6 },
  { kind: 'lose-event', eventTypes: ['Send', 'Delivery'], next: 6 },
  { kind: 'late-event', lateMs: 3_000, next: 6 },
]

export async function giveFaults(world: PrivateStack): Promise<void> {
  for (const fault of faults) await control(world, 'POST', 'faults', fault)
}

export async function setSes(world: PrivateStack, options: SesSimulatorOptions): Promise<void> {
  await control(world, 'PUT', 'options', options)
}

const countsSchema = z.object({ accepted: z.number(), refused: z.number() })

const LONGEST_WAIT_MS = 60_000

/** Resolves when SES has accepted, or refused, so many messages more. */
export async function untilSes(world: PrivateStack, what: 'accepted' | 'refused', more: number): Promise<void> {
  const wanted = (await countOf(world, what)) + more
  const untilMs = systemClock.now() + LONGEST_WAIT_MS
  while ((await countOf(world, what)) < wanted) {
    if (systemClock.now() > untilMs) throw new Error(`SES has not ${what} ${more} messages more in a minute.`)
    await systemClock.sleep(20)
  }
}

async function countOf({ stack }: PrivateStack, what: 'accepted' | 'refused'): Promise<number> {
  return countsSchema.parse(await (await fetch(`${stack.sesUrl}/_simulator/stats`)).json())[what]
}

async function control({ stack }: PrivateStack, method: string, what: string, body: unknown): Promise<void> {
  const response = await fetch(`${stack.sesUrl}/_simulator/${what}`, { method, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`The SES simulator refused ${what}: ${await response.text()}`)
}
