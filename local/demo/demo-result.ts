import type { ReportAnswer } from '../../cli/api-answers.ts'
import type { SimulatorCounts } from './simulator-control.ts'
import { type WireAudit, wireFaults } from './wire-audit.ts'

/** What a demo run found: what OnlyTo says of it, and what the other side saw. */
export interface DemoResult {
  readonly report: ReportAnswer
  readonly simulator: SimulatorCounts
  readonly wire: WireAudit
}

/** The promises that this run broke, in words; empty when all held. */
export function brokenPromises({ report, simulator, wire }: DemoResult): string[] {
  const { planned, accepted, rejected, failed, suppressed, inDoubt, pending, audience } = report
  const sum = accepted + rejected + failed + suppressed + inDoubt + pending
  const checks: readonly [boolean, string][] = [
    [report.state === 'finished', `Accounted for: the notice is ${report.state}, not finished.`],
    [pending === 0, `Accounted for: ${pending} recipients are still pending.`],
    [sum === planned, `Accounted for: the fates add up to ${sum}, but ${planned} were planned.`],
    [
      audience !== undefined && audience.rows === audience.recipients + audience.refusedRows,
      'Accounted for: rows are not recipients and refused rows.',
    ],
    [
      planned === wire.recipients,
      `Accounted for: ${planned} were planned, but the file has ${wire.recipients} recipients.`,
    ],
    [wire.messages === simulator.accepted, `Accounted for: SES accepted ${simulator.accepted}, kept ${wire.messages}.`],
  ]
  const broken = checks.filter(([held]) => !held).map(([, what]) => what)
  return [...broken, ...wireFaults(wire).map(fault => `On the wire: ${fault}.`)]
}

/** The line that `--json` prints. */
export function demoJson(result: DemoResult): string {
  const { report, simulator, wire } = result
  const { planned, accepted, rejected, failed, suppressed, inDoubt, pending, audience } = report
  const { seconds, ratePerSecond, limitPerSecond, utilisation, throttles, firstAcceptedAt, lastAcceptedAt } = report
  const { times, idleMsPerMessage, heldMsPerMessage } = report
  return JSON.stringify({
    ...{ planned, accepted, rejected, failed, suppressed, inDoubt, pending },
    ...{ seconds, ratePerSecond, limitPerSecond, utilisation, throttles, firstAcceptedAt, lastAcceptedAt },
    ...{ times, idleMsPerMessage, heldMsPerMessage },
    simulator,
    audience,
    wire,
    brokenPromises: brokenPromises(result),
  })
}
