import type { HistoryAnswer, ReportAnswer } from '../../cli/api-answers.ts'
import { type WireAudit, wireFaults } from '../demo/wire-audit.ts'
import type { DrillCase } from './drill-cases.ts'
import type { DrilledAlarm } from './drilled-alarm.ts'
import type { Refusals } from './drilled-ledger.ts'
import type { SesArrival, SesCounts } from './drilled-ses.ts'

/** Everything that was seen of one case, by both sides. Times are those of the computer's one clock. */
export interface CaseEvidence {
  readonly drillCase: DrillCase
  /** Of the audience, counted by the audit itself. */
  readonly recipients: number
  /** Accepted by SES when the fault began … */
  readonly honest: number
  /** … and batches that senders were at work on. */
  readonly batchesAtWork: number
  readonly firstRefusalAtMs: number | undefined
  readonly stoppedAtMs: number | undefined
  /** When the last sender had given its batch back. */
  readonly stoodStillAtMs: number | undefined
  readonly refusals: readonly Refusals[]
  readonly report: ReportAnswer
  readonly history: HistoryAnswer
  readonly simulator: SesCounts
  readonly arrivals: readonly SesArrival[]
  readonly wire: WireAudit
  readonly alarm: DrilledAlarm
  readonly alarmPeriodMs: number
  /** The longest time for which this computer kept a process from running while senders stopped. */
  readonly heldUpMs: number
}

export interface CaseFigures {
  readonly lastCallAfterRefusalMs: number | undefined
  readonly lastCallAfterStopMs: number | undefined
  readonly stoodStillAfterMs: number | undefined
  readonly alarmAfterMs: number | undefined
}

/** Asked of OnlyTo: from the first refusal on, and from the recorded stop on, no call of SES later than this. */
export const STILL_WITHIN_MS = 1_000

export function figuresOf(evidence: CaseEvidence): CaseFigures {
  const { firstRefusalAtMs, stoppedAtMs, stoodStillAtMs, arrivals, alarm } = evidence
  const lastCallAtMs = arrivals.reduce((last, { atMs }) => Math.max(last, atMs), 0)
  const after = (fromMs: number | undefined, atMs: number | undefined) =>
    fromMs === undefined || atMs === undefined ? undefined : Math.max(0, Math.ceil(atMs - fromMs))
  return {
    lastCallAfterRefusalMs: after(firstRefusalAtMs, lastCallAtMs),
    lastCallAfterStopMs: after(stoppedAtMs, lastCallAtMs),
    stoodStillAfterMs: after(firstRefusalAtMs, stoodStillAtMs),
    alarmAfterMs: after(firstRefusalAtMs, alarm.alarmAtMs),
  }
}

/** What reached SES and should not have, in words; of what it did not take, too, which had left all the same. */
export function leaksOf({ wire, arrivals }: CaseEvidence): readonly string[] {
  const { severalRecipients, copies, foreignAddresses, wrongRecipient } = wire
  const turnedAway = arrivals.filter(({ accepted, addresses }) => !accepted && addresses !== 1).length
  const found: readonly [number, string][] = [
    [severalRecipients, 'messages without exactly one recipient'],
    [copies, 'messages with a Cc or Bcc'],
    [foreignAddresses, 'addresses of somebody else'],
    [wrongRecipient, 'messages to the wrong person or with another’s words'],
    [turnedAway, 'requests to several that SES did not take'],
  ]
  return found.filter(([number]) => number > 0).map(([number, what]) => `${number.toLocaleString('en')} ${what}`)
}

/** What did not hold, in words without addresses; empty when the drill has shown what it is for. */
export function judgeCase(evidence: CaseEvidence): readonly string[] {
  return [
    ...judgeSituation(evidence),
    ...judgeWire(evidence),
    ...judgeStop(evidence),
    ...judgeIncident(evidence),
    ...judgeAccount(evidence),
  ]
}

/** Without honest messages of several senders before it, a refusal would show little. */
function judgeSituation({ honest, batchesAtWork }: CaseEvidence): string[] {
  return broken([
    [honest > 0, 'no honest message had been sent when the fault began'],
    [batchesAtWork > 1, `only ${batchesAtWork} batch was being sent when the fault began`],
  ])
}

function judgeWire(evidence: CaseEvidence): string[] {
  const { wire, simulator } = evidence
  const alone = { ...wire, severalRecipients: 0, copies: 0, foreignAddresses: 0, wrongRecipient: 0, missing: 0 }
  return [
    ...leaksOf(evidence).map(leak => `LEAKED: ${leak} reached SES`),
    ...wireFaults(alone),
    ...broken([
      [wire.messages === simulator.accepted, `SES accepted ${simulator.accepted}, and kept ${wire.messages}`],
      [simulator.refused === 0, `SES refused ${simulator.refused} requests`],
    ]),
  ]
}

/** A computer that lets processes wait makes calls late that began in time: by so much they may be. */
function judgeStop(evidence: CaseEvidence): string[] {
  const { stoppedAtMs, stoodStillAtMs, firstRefusalAtMs, heldUpMs } = evidence
  const { lastCallAfterRefusalMs = 0, lastCallAfterStopMs = 0 } = figuresOf(evidence)
  const boundMs = STILL_WITHIN_MS + heldUpMs
  const late = (ms: number, what: string): [boolean, string] => [
    ms < boundMs,
    `SES was called ${ms} ms after ${what}, on a computer that held processes up for no more than ${heldUpMs} ms`,
  ]
  return broken([
    [firstRefusalAtMs !== undefined, 'nothing was refused'],
    [stoppedAtMs !== undefined, 'the notice did not stop by itself'],
    [stoodStillAtMs !== undefined, 'a sender still holds a batch'],
    late(lastCallAfterRefusalMs, 'the first refusal'),
    late(lastCallAfterStopMs, 'the stop was recorded'),
  ])
}

function judgeIncident(evidence: CaseEvidence): string[] {
  const { drillCase, refusals, report, history, alarm, alarmPeriodMs } = evidence
  const { state, stopReason } = report
  const unexpected = refusals.filter(({ rule }) => !drillCase.rules.includes(rule)).map(({ rule }) => rule)
  const known = refusals.some(
    ({ rule, field }) => stopReason?.kind === 'leak-guard' && stopReason.rule === rule && stopReason.field === field,
  )
  const told = history.entries.some(({ finding }) => refusals.some(({ rule }) => rule === finding?.rule))
  const { alarmAfterMs } = figuresOf(evidence)
  return broken([
    [state === 'stopped', `the notice is ${state}, not stopped`],
    [known, `the notice says that it was stopped by ${stopReason?.kind ?? 'nobody'}, with no refusal that happened`],
    [unexpected.length === 0, `refused by ${unexpected.join(', ')}, where ${drillCase.rules.join(' or ')} should`],
    [told, 'its history tells of no refusal that happened'],
    [alarm.alarmAtMs !== undefined, 'the alarm did not go off'],
    [alarm.counted === report.rejected, `the metric counted ${alarm.counted} refusals of ${report.rejected}`],
    [
      alarmAfterMs === undefined || alarmAfterMs <= 2 * alarmPeriodMs,
      `the alarm went off ${alarmAfterMs} ms after the first refusal`,
    ],
  ])
}

function judgeAccount({ report, simulator, refusals, recipients }: CaseEvidence): string[] {
  const { planned, accepted, rejected, failed, suppressed, inDoubt, pending } = report
  const sum = accepted + rejected + failed + suppressed + inDoubt + pending
  const refused = refusals.reduce((total, refusal) => total + refusal.recipients, 0)
  const listed = report.leakGuard.reduce((total, rejection) => total + rejection.recipients, 0)
  return broken([
    [planned === recipients, `${planned} were planned, but the file has ${recipients} recipients`],
    [sum === planned, `the fates add up to ${sum}, but ${planned} were planned`],
    [accepted === simulator.accepted, `OnlyTo counts ${accepted} accepted, SES ${simulator.accepted}`],
    [rejected === refused, `OnlyTo counts ${rejected} rejected, its ledger has ${refused}`],
    [listed === refused, `the report lists ${listed} refusals, the ledger has ${refused}`],
    [failed + inDoubt === 0, `${failed} failed and ${inDoubt} are in doubt, of whom SES had nothing to refuse`],
  ])
}

function broken(checks: readonly (readonly [held: boolean, what: string])[]): string[] {
  return checks.filter(([held]) => !held).map(([, what]) => what)
}
