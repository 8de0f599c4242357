import { writeFile } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Writable } from 'node:stream'
import { createApiClient } from '../../cli/api-client.ts'
import { prepareNotice } from '../../cli/send-notice.ts'
import { plain, processTerminal, type Terminal } from '../../cli/terminal.ts'
import { systemClock } from '../../functions/runtime/clock.ts'
import { readWireMessages } from '../demo/simulator-control.ts'
import { auditWire } from '../demo/wire-audit.ts'
import { awaitUntil } from './await-until.ts'
import type { DrillAudience } from './drill-audience.ts'
import type { DrillCase } from './drill-cases.ts'
import type { DrillOptions } from './drill-options.ts'
import type { DrillStack } from './drill-stack.ts'
import { leakAlarm, readLeakAlarm } from './drilled-alarm.ts'
import { drilledLedger } from './drilled-ledger.ts'
import { drilledSes } from './drilled-ses.ts'
import { type CaseEvidence, STILL_WITHIN_MS } from './judge-case.ts'

/** What is sent before the fault begins, in seconds at full rate. */
const HONEST_SECONDS = 1
/** However slow the computer is, what is awaited has come by then or does not come. */
const PATIENCE_MS = 30_000
/** Nothing stops a notice without walls: so much of it is seen to leak, in seconds at full rate. */
const LEAKING_SECONDS = 2
const STATUS_INTERVAL_MS = 100
/** How often this process asks to run, to see whether the computer lets it. */
const PROBE_INTERVAL_MS = 10
const NANOSECONDS_PER_MS = 1e6

/** One case: honest sending at full speed, then the fault, then whatever becomes of it until everything stands still. */
export async function runCase(
  { stack, signal, deploy }: DrillStack,
  drillCase: DrillCase,
  { rate, withoutGuard }: DrillOptions,
  { file, written, expectation }: DrillAudience,
): Promise<CaseEvidence> {
  const client = createApiClient(stack.apiUrl, globalThis.fetch)
  const ses = drilledSes(stack.sesUrl)
  const ledger = drilledLedger(stack)
  const [{ noticeId }] = await Promise.all([
    prepareNotice({ client, terminal: silence, clock: systemClock }, written, file),
    deploy(drillCase),
  ])
  await ses.forget()
  const startedAtMs = systemClock.now()
  await client.start(noticeId)
  await awaitUntil(async () => (await ses.counts()).accepted >= rate * HONEST_SECONDS || undefined, {
    limitMs: PATIENCE_MS,
  })
  const batchesAtWork = await ledger.batchesAtWork(noticeId)
  const { accepted: honest } = await ses.counts()
  const hold = monitorEventLoopDelay({ resolution: PROBE_INTERVAL_MS })
  hold.enable()
  await writeFile(signal, '')

  const called = (await ses.arrivals()).length
  const hasLeakedLong = async () => withoutGuard && (await ses.arrivals()).length > called + rate * LEAKING_SECONDS
  const stopped = await awaitUntil(
    async () => {
      if ((await client.readStatus(noticeId)).state !== 'sending') return 'by-itself'
      return (await hasLeakedLong()) ? 'never' : undefined
    },
    { limitMs: PATIENCE_MS, intervalMs: STATUS_INTERVAL_MS },
  )
  // One that has just finished cannot be stopped.
  if (stopped !== 'by-itself') await client.stop(noticeId).catch(() => undefined)
  const stoodStillAtMs = await awaitUntil(() => ledger.lastGivenBackAtMs(noticeId), { limitMs: PATIENCE_MS })
  hold.disable()
  const { refusals, firstAtMs } = await ledger.readRefusals(noticeId)
  const refused = refusals.reduce((sum, { recipients }) => sum + recipients, 0)
  const readAlarm = () => readLeakAlarm(stack, startedAtMs, systemClock.now())
  await awaitUntil(async () => (await readAlarm()).counted >= refused || undefined, { limitMs: PATIENCE_MS })
  const report = await client.readReport(noticeId)
  const stopAtMs = report.stop === undefined ? undefined : Date.parse(report.stop.at)
  // A call that comes late is to be seen.
  await systemClock.sleep((stopAtMs ?? 0) + STILL_WITHIN_MS - systemClock.now())
  return {
    ...{ drillCase, honest, batchesAtWork, refusals, report },
    heldUpMs: Math.ceil(hold.max / NANOSECONDS_PER_MS),
    history: await client.readHistory(noticeId),
    recipients: expectation.recipients.size,
    firstRefusalAtMs: firstAtMs,
    stoppedAtMs: stopped === 'by-itself' ? stopAtMs : undefined,
    stoodStillAtMs,
    simulator: await ses.counts(),
    arrivals: await ses.arrivals(),
    wire: await auditWire(readWireMessages(stack.sesUrl), expectation),
    alarm: await readAlarm(),
    alarmPeriodMs: leakAlarm(stack).periodMs,
  }
}

/** What a notice says while it gets ready is always the same. */
const silence: Terminal = {
  ...processTerminal(),
  print: () => {},
  note: () => {},
  notes: new Writable({ write: (_chunk, _encoding, done) => done() }),
  canAsk: false,
  ask: async () => '',
  interruption: () => new Promise(() => {}),
  paint: plain,
}
