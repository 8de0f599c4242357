import { count, counted, duration } from '../../cli/figures.ts'
import { entry, explainStop } from '../../cli/notice-text.ts'
import type { Paint } from '../../cli/terminal.ts'
import { leakRules } from '../../functions/leak-guard/rules.ts'
import { type CaseEvidence, figuresOf, judgeCase, leaksOf, STILL_WITHIN_MS } from './judge-case.ts'

/** One case, for a reader. */
export function writeCase(evidence: CaseEvidence, paint: Paint): string {
  const { drillCase, honest, batchesAtWork, refusals, report, alarm, heldUpMs } = evidence
  const { lastCallAfterRefusalMs, lastCallAfterStopMs, stoodStillAfterMs, alarmAfterMs } = figuresOf(evidence)
  const faults = judgeCase(evidence)
  const { planned, accepted, rejected, pending, failed, suppressed, inDoubt } = report
  const others = failed + suppressed + inDoubt
  const refused = refusals.map(
    ({ rule, field, recipients }) => `${counted(recipients, 'message')}: ${rule}, in ${field}. ${leakRules[rule]}`,
  )
  return [
    paint('bold', `${drillCase.name}: the sender ${drillCase.does}`),
    entry('Before', `${count(honest)} honest messages, then ${counted(batchesAtWork, 'batch', 'batches')} under way`),
    entry('Refused', ...(refused.length === 0 ? ['nothing'] : refused)),
    entry('Reached SES', ...writeLeaks(evidence)),
    entry(
      'Last SES call',
      `${after(lastCallAfterRefusalMs)} the first refusal, ${after(lastCallAfterStopMs)} the recorded stop (asked: < ${count(STILL_WITHIN_MS)} ms)`,
      ...(heldUpMs < NOTEWORTHY_MS
        ? []
        : [`on a busy computer, which held processes up for as long as ${count(heldUpMs)} ms`]),
    ),
    entry('Stood still', `every sender, ${after(stoodStillAfterMs)} the first refusal`),
    entry('Notice', `${report.state}${report.stopReason === undefined ? '' : `, ${explainStop(report.stopReason)}`}`),
    entry('Alarm', writeAlarm(alarm.state, alarm.counted, alarmAfterMs)),
    entry(
      'Accounted for',
      `${count(planned)} planned = ${count(accepted)} accepted + ${count(rejected)} rejected + ${count(pending)} pending${others === 0 ? '' : ` + ${count(others)} others`}`,
    ),
    faults.length === 0
      ? entry('', paint('green', 'Held: nothing left.'))
      : entry('', paint(['bold', 'red'], 'NOT HELD:'), ...faults.map(fault => `- ${fault}`)),
  ].join('\n')
}

function writeLeaks(evidence: CaseEvidence): readonly string[] {
  const leaks = leaksOf(evidence)
  return leaks.length > 0
    ? leaks
    : [`nothing that should not: each of ${count(evidence.wire.messages)} messages was read`]
}

/** From so much on it is worth to be told. */
const NOTEWORTHY_MS = 100

const after = (ms: number | undefined) => (ms === undefined ? 'unknown after' : `${count(ms)} ms after`)

/** CloudWatch looks at a minute when it is over. */
function writeAlarm(state: string, refusals: number, afterMs: number | undefined): string {
  const when =
    afterMs === undefined ? 'not at all' : `when its minute ended, ${duration(afterMs / 1000)} after the first`
  return `${state}: ${counted(refusals, 'refusal')} counted, went off ${when}`
}

/** The last line. */
export function writeVerdict(cases: readonly CaseEvidence[], withoutGuard: boolean, paint: Paint): string {
  const held = cases.filter(evidence => judgeCase(evidence).length === 0)
  const of = `${held.length} of ${counted(cases.length, 'case')}`
  if (withoutGuard) return paint(['bold', 'red'], `Without the guard: ${of} held. A control run is there to fail.`)
  if (held.length < cases.length) return paint(['bold', 'red'], `The drill FAILED: ${of} held.`)
  const slowestMs = cases.reduce((most, evidence) => Math.max(most, figuresOf(evidence).lastCallAfterRefusalMs ?? 0), 0)
  return paint(
    ['bold', 'green'],
    `${of} held: nothing left that should not, and the last call of SES came at most ${count(slowestMs)} ms after the first refusal.`,
  )
}

/** The line that `--json` prints. */
export function drillJson(cases: readonly CaseEvidence[]): string {
  const written = cases.map(evidence => {
    const { drillCase, honest, batchesAtWork, refusals, report, alarm, simulator, heldUpMs } = evidence
    const { state, stopReason, planned, accepted, rejected, failed, suppressed, inDoubt, pending } = report
    return {
      case: drillCase.name,
      ...{ honest, batchesAtWork, refusals },
      leaks: leaksOf(evidence),
      ...figuresOf(evidence),
      ...{ state, stopReason, planned, accepted, rejected, failed, suppressed, inDoubt, pending },
      ...{ alarm: alarm.state, alarmCounted: alarm.counted, simulator, heldUpMs },
      faults: judgeCase(evidence),
    }
  })
  return JSON.stringify({ cases: written, held: written.every(({ faults }) => faults.length === 0) })
}
