import { count, counted } from '../../cli/figures.ts'
import { entry } from '../../cli/notice-text.ts'
import { writeReport } from '../../cli/report-text.ts'
import type { Paint } from '../../cli/terminal.ts'
import { brokenPromises, type DemoResult } from './demo-result.ts'
import type { WireAudit } from './wire-audit.ts'

/** The report of a demo run, for a reader. */
export function writeDemoReport(result: DemoResult, paint: Paint): string {
  return [
    writeReport(result.report, paint),
    writeThrottles(result),
    writeWire(result.wire),
    writeVerdict(result, paint),
  ]
    .filter(part => part !== '')
    .join('\n\n')
}

/** Both sides count throttled calls. They differ where an answer was lost. */
function writeThrottles({ report, simulator }: DemoResult): string {
  if (report.throttles === simulator.throttled) return ''
  return entry('Throttles', `OnlyTo counted ${count(report.throttles)}, SES ${count(simulator.throttled)}`)
}

function writeWire(wire: WireAudit): string {
  const { messages, recipients, missing, duplicates, severalRecipients, copies, foreignAddresses, wrongRecipient } =
    wire
  const lines: readonly [number, string][] = [
    [severalRecipients, 'with more or less than one recipient'],
    [copies, 'with a Cc or Bcc'],
    [foreignAddresses, 'foreign addresses in them'],
    [wrongRecipient, 'to the wrong person, in the wrong locale or words'],
    [duplicates, 'too many to the same recipient'],
    [missing, 'recipients without one'],
  ]
  const width = count(Math.max(messages, ...lines.map(([value]) => value))).length
  const row = (value: number, what: string) => `${count(value).padStart(width)}  ${what}`
  const read = row(messages, `messages received and parsed, for ${counted(recipients, 'recipient')}`)
  return [
    entry('Wire audit', read, ...lines.map(([value, what]) => row(value, what))),
    ...wire.findings.map(finding => entry('', `- ${finding}`)),
  ].join('\n')
}

function writeVerdict(result: DemoResult, paint: Paint): string {
  const broken = brokenPromises(result)
  if (broken.length > 0) {
    return [paint(['bold', 'red'], 'Promises were broken:'), ...broken.map(what => `  ${what}`)].join('\n')
  }
  const { messages } = result.wire
  return paint(
    ['bold', 'green'],
    `Every one of ${count(messages)} recipients got one message, alone, in their own locale and words.`,
  )
}
