import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { systemClock } from '../../functions/runtime/clock.ts'
import { provideAudienceFile } from '../../local/demo/demo-audience.ts'
import { USAGE_PATH, type Usage, usageSchema } from '../../local/services/usage-meter.ts'
import type { LocalStack } from '../../local/stack.ts'
import { awaitFinish, prepareLiveNotice, startLiveStack } from '../live/live-notice.ts'

export interface MeasuredUsage {
  readonly rate: number
  readonly recipients: number
  /** From start to end, in seconds. */
  readonly seconds: number
  /** By service and operation. */
  readonly calls: Readonly<Record<string, { readonly calls: number; readonly units: number }>>
  /** By room. */
  readonly functions: Readonly<Record<string, { readonly invocations: number; readonly billedMs: number }>>
  readonly logBytes: Readonly<Record<string, number>>
  readonly events: number
}

const SETTLE_DELAY_SECONDS = 5
const LAST_EVENTS_MS = 5_000
const STARTING_MS = 60_000

/** What one notice asks of every service, from its creation to the last event about it. */
export async function measureUsage(rate: number, recipients: number, stateDirectory: string): Promise<MeasuredUsage> {
  await using stack = await startLiveStack({
    ...{ rate, seed: 1, stateDirectory },
    settleDelaySeconds: SETTLE_DELAY_SECONDS,
  })
  const before = await readUsage(stack)
  const notice = await prepareLiveNotice(stack, await provideAudienceFile(recipients))
  const startedAtMs = systemClock.now()
  await notice.client.start(notice.noticeId)
  const finishedAtMs = await awaitFinish(notice, STARTING_MS + (3_000 * recipients) / rate)
  if (finishedAtMs === undefined) throw new Error('The notice did not finish in time, so there is nothing to count')
  await systemClock.sleep(LAST_EVENTS_MS)
  const after = await readUsage(stack)
  return { rate, recipients, seconds: (finishedAtMs - startedAtMs) / 1000, ...difference(before, after) }
}

type Reading = Pick<MeasuredUsage, 'calls' | 'functions' | 'logBytes' | 'events'>

async function readUsage(stack: LocalStack): Promise<Reading> {
  const services = await Promise.all(
    (['DYNAMODB', 'SQS', 'S3'] as const).map(async service => {
      const response = await fetch(`${stack.endpoints[`AWS_ENDPOINT_URL_${service}`]}${USAGE_PATH}`)
      const usage: Usage = usageSchema.parse(await response.json())
      return Object.entries(usage).map(([operation, counts]) => [`${service} ${operation}`, counts] as const)
    }),
  )
  const functions = stack
    .functionReports()
    .map(({ room, invocations, billedMs }) => [room, { invocations, billedMs }] as const)
  const files = await readdir(stack.logsDirectory)
  const sizes = await Promise.all(
    files.map(async file => [file, (await stat(path.join(stack.logsDirectory, file))).size] as const),
  )
  return {
    calls: Object.fromEntries(services.flat()),
    functions: Object.fromEntries(functions),
    logBytes: Object.fromEntries(sizes),
    events: await readEvents(stack),
  }
}

const statsSchema = z.object({ eventsPublished: z.number() })

async function readEvents({ sesUrl }: LocalStack): Promise<number> {
  return statsSchema.parse(await (await fetch(`${sesUrl}/_simulator/stats`)).json()).eventsPublished
}

function difference(before: Reading, after: Reading): Reading {
  const calls = Object.entries(after.calls).map(([operation, { calls, units }]) => {
    const was = before.calls[operation] ?? { calls: 0, units: 0 }
    return [operation, { calls: calls - was.calls, units: units - was.units }] as const
  })
  const functions = Object.entries(after.functions).map(([room, { invocations, billedMs }]) => {
    const was = before.functions[room] ?? { invocations: 0, billedMs: 0 }
    return [room, { invocations: invocations - was.invocations, billedMs: billedMs - was.billedMs }] as const
  })
  const logBytes = Object.entries(after.logBytes).map(([file, size]) => [file, size - (before.logBytes[file] ?? 0)])
  return {
    calls: Object.fromEntries(calls),
    functions: Object.fromEntries(functions),
    logBytes: Object.fromEntries(logBytes),
    events: after.events - before.events,
  }
}
