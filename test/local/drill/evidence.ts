import type { ReportAnswer } from '../../../cli/api-answers.ts'
import { drillCases } from '../../../local/drill/drill-cases.ts'
import type { CaseEvidence } from '../../../local/drill/judge-case.ts'

const [drillCase] = drillCases
if (drillCase === undefined) throw new Error('There is no case')
const finding = { rule: 'one-recipient', field: 'Destination.ToAddresses', excerpt: '' } as const

const report: ReportAnswer = {
  noticeId: 'n1',
  name: 'Index change',
  state: 'stopped',
  run: 1,
  stopReason: { kind: 'leak-guard', ...finding, batch: 3, recipientKey: 'AAAAAAAAAAAAAAAAAAAAAA' },
  planned: 3_200,
  accepted: 600,
  rejected: 100,
  failed: 0,
  suppressed: 0,
  inDoubt: 0,
  pending: 2_500,
  seconds: 2,
  ratePerSecond: 400,
  throttles: 0,
  bounced: 0,
  complained: 0,
  retryable: 0,
  sentAgain: 0,
  leakGuard: [{ rule: finding.rule, means: '', field: finding.field, recipients: 100 }],
}

/** What a drill sees when everything holds. The first refusal came at 10,000, the stop at 10,030. */
export const held: CaseEvidence = {
  drillCase,
  recipients: 3_200,
  honest: 410,
  batchesAtWork: 8,
  firstRefusalAtMs: 10_000,
  stoppedAtMs: 10_030,
  stoodStillAtMs: 10_700,
  refusals: [{ ...finding, recipients: 100 }],
  report,
  history: { entries: [{ at: '2026-11-21T04:00:00Z', action: 'stopped', run: 1, finding }], leftOut: 0 },
  simulator: { accepted: 600, throttled: 0, refused: 0 },
  arrivals: [
    { atMs: 9_000, accepted: true, addresses: 1 },
    { atMs: 10_400, accepted: true, addresses: 1 },
  ],
  wire: {
    messages: 600,
    recipients: 3_200,
    severalRecipients: 0,
    copies: 0,
    foreignAddresses: 0,
    wrongRecipient: 0,
    unreadable: 0,
    missing: 2_600,
    duplicates: 0,
    findings: [],
  },
  alarm: { state: 'ALARM', counted: 100, alarmAtMs: 60_000 },
  alarmPeriodMs: 60_000,
  heldUpMs: 12,
}
