import { describe, expect, test } from 'vitest'
import type { ReportAnswer } from '../../cli/api-answers.ts'
import { plain } from '../../cli/terminal.ts'
import { writeDemoReport } from '../../local/demo/demo-report.ts'
import { brokenPromises, type DemoResult, demoJson } from '../../local/demo/demo-result.ts'
import type { WireAudit } from '../../local/demo/wire-audit.ts'

const report: ReportAnswer = {
  noticeId: 'n-1',
  name: 'A notice',
  state: 'finished',
  run: 1,
  ...{ planned: 4935, accepted: 4935, rejected: 0, failed: 0, suppressed: 0, inDoubt: 0, pending: 0 },
  ...{ bounced: 0, complained: 0, retryable: 0, sentAgain: 0, leakGuard: [] },
  firstAcceptedAt: '2026-11-20T10:00:00.000Z',
  lastAcceptedAt: '2026-11-20T10:00:24.700Z',
  ...{ seconds: 24.7, ratePerSecond: 199.8, limitPerSecond: 200, utilisation: 0.999, throttles: 0 },
  audience: { rows: 5000, recipients: 4935, refusedRows: 65, refusedByReason: { duplicate: 65 } },
}
const wire: WireAudit = {
  messages: 4935,
  recipients: 4935,
  ...{
    severalRecipients: 0,
    copies: 0,
    foreignAddresses: 0,
    wrongRecipient: 0,
    unreadable: 0,
    missing: 0,
    duplicates: 0,
  },
  findings: [],
}
const sound: DemoResult = { report, simulator: { accepted: 4935, throttled: 0 }, wire }

const withReport = (changes: Partial<ReportAnswer>): DemoResult => ({ ...sound, report: { ...report, ...changes } })
const withWire = (changes: Partial<WireAudit>): DemoResult => ({ ...sound, wire: { ...wire, ...changes } })

describe('a run breaks a promise when', () => {
  const broken: readonly [string, DemoResult, RegExp][] = [
    ['somebody is pending', withReport({ accepted: 4934, pending: 1 }), /1 recipients are still pending/],
    ['the fates do not add up', withReport({ accepted: 4934 }), /add up to 4934/],
    ['the notice is not finished', withReport({ state: 'stopped' }), /is stopped/],
    [
      'rows are lost',
      withReport({ audience: { rows: 5001, recipients: 4935, refusedRows: 65, refusedByReason: {} } }),
      /rows/,
    ],
    ['the audience misses somebody', withWire({ recipients: 4936 }), /the file has 4936/],
    ['SES accepted more than it kept', { ...sound, simulator: { accepted: 4936, throttled: 0 } }, /SES accepted 4936/],
    ['a message had two recipients', withWire({ severalRecipients: 1 }), /1 messages without exactly one recipient/],
    ['a copy went out', withWire({ copies: 1 }), /Cc/],
    ['an address leaked', withWire({ foreignAddresses: 2 }), /2 addresses/],
    ['somebody got what was not theirs', withWire({ wrongRecipient: 1 }), /wrong person/],
    ['somebody was left out', withWire({ missing: 1 }), /without a message/],
    ['somebody got it twice', withWire({ duplicates: 1 }), /too many/],
    ['a message cannot be read', withWire({ unreadable: 1 }), /cannot be parsed/],
  ]
  test.each(broken)('%s', (_, result, expected) => {
    expect(brokenPromises(result).join('\n')).toMatch(expected)
    expect(writeDemoReport(result, plain)).toMatch(/Promises were broken:\n {2}/)
    expect(JSON.parse(demoJson(result)).brokenPromises).toHaveLength(brokenPromises(result).length)
  })

  test('and none when everybody got theirs', () => {
    expect(brokenPromises(sound)).toEqual([])
    expect(writeDemoReport(sound, plain)).toContain('Every one of 4,935 recipients got one message, alone')
  })
})

test('the JSON report is one line with the counts, the speed, the audience and the audit', () => {
  const json = demoJson(sound)
  expect(json).not.toContain('\n')
  expect(JSON.parse(json)).toMatchObject({
    ...{ planned: 4935, accepted: 4935, rejected: 0, failed: 0, suppressed: 0, inDoubt: 0, pending: 0 },
    ...{ seconds: 24.7, ratePerSecond: 199.8, limitPerSecond: 200, utilisation: 0.999, throttles: 0 },
    audience: { rows: 5000, recipients: 4935, refusedRows: 65 },
    wire: { messages: 4935, foreignAddresses: 0, wrongRecipient: 0, missing: 0, duplicates: 0 },
    brokenPromises: [],
  })
})

test('throttles are shown from both sides when they differ', () => {
  const differing = { ...sound, simulator: { accepted: 4935, throttled: 3 } }
  expect(writeDemoReport(differing, plain)).toMatch(/Throttles +OnlyTo counted 0, SES 3/)
  expect(writeDemoReport(sound, plain)).not.toContain('OnlyTo counted')
})
