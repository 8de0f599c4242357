import { COST_BASIS } from '../cost/by-plan.ts'

/** Answers as they are, for the OpenAPI document: one notice, followed from its draft to its report. */
const noticeId = 'n-20261120-3f8k2mq7'
const contentDigest = '2fe923b8c3850bf77b6ce763072d0ee7d8824e2a6c85c9a77cf231c40cc17f0f'
const audienceDigest = '0ba3500ddfa3f1c61400f14eccace8b0cffa771cbb9cfb738c42abdd972f346e'
const operator = 'arn:aws:iam::111122223333:user/operator'

const counted = { rejected: 0, failed: 0, suppressed: 2, inDoubt: 0 }
const startedAt = '2026-11-20T12:04:00.000Z'
const refused = { refusedRows: 52, refusedByReason: { duplicate: 40, 'address-without-at': 12 } }
const approval = { by: operator, at: '2026-11-20T12:03:10.000Z', contentDigest, audienceDigest }

export const noticeExample = {
  noticeId,
  name: 'Index change',
  state: 'approved',
  run: 0,
  from: { name: 'Example Exchange', address: 'notices@example.com' },
  replyTo: 'support@example.com',
  defaultLocale: 'en',
  locales: ['en', 'es'],
  contentDigest,
  inDoubtPolicy: 'resend',
  pace: { urgent: false, overDays: false },
  audienceId: 'a-3f8k2mq70c9d1vwx',
  approval,
  createdBy: operator,
  createdAt: '2026-11-20T12:00:00.000Z',
}

export const audienceExample = {
  state: 'ready',
  audienceId: 'a-3f8k2mq70c9d1vwx',
  keyId: '1a2b3c4d-5e6f-4a0b-8c1d-2e3f4a5b6c7d',
  ...{ rows: 5000, recipients: 4948, ...refused },
  batches: 50,
  digest: audienceDigest,
  locales: { en: 3100, es: 1800, '': 48 },
  lanes: { 'yahoo.*': 212 },
  variables: { name: { present: 4948 } },
  variants: [
    { locale: 'en', recipients: 3100, variant: 'en' },
    { locale: 'es', recipients: 1800, variant: 'es' },
    { locale: '', recipients: 48, variant: 'en' },
  ],
  refusedRowsUrl: 'https://bucket.s3.example/audiences/a-3f8k2mq70c9d1vwx/refused-rows.csv?X-Amz-Signature=…',
}

export const previewExample = {
  kind: 'rendered',
  locale: 'es',
  subject: 'Cambio de índice',
  text: 'Hola Ana: …',
  html: '<p>Hola Ana: …</p>',
}

export const statusExample = {
  ...{ noticeId, name: 'Index change', state: 'sending', run: 1 },
  pace: { share: 0.5, urgent: false, overDays: false },
  feed: { ratePerSecond: 90, sharedWith: 1 },
  ...{ planned: 4948, accepted: 2400, ...counted, pending: 2546 },
  batches: { planned: 50, done: 24 },
  ...{ limitPerSecond: 180, ratePerSecond: 89.1, secondsLeft: 28.6 },
  startedAt,
}

export const reportExample = {
  ...{ noticeId, name: 'Index change', state: 'finished', run: 1 },
  pace: { urgent: false, overDays: false },
  ...{ planned: 4948, accepted: 4946, ...counted, pending: 0 },
  ...{ bounced: 3, complained: 0, retryable: 1, sentAgain: 0, leakGuard: [] },
  batches: { planned: 50, done: 50 },
  firstAcceptedAt: '2026-11-20T12:04:00.210Z',
  lastAcceptedAt: '2026-11-20T12:04:27.835Z',
  ...{ seconds: 27.625, ratePerSecond: 179, limitPerSecond: 180, utilisation: 0.994, throttles: 0 },
  times: {
    ...{ firstMs: 210, medianMs: 14_020, p99Ms: 27_560, lastMs: 27_835 },
    locales: [
      { locale: 'en', accepted: 3147, firstMs: 210, medianMs: 14_035, p99Ms: 27_550, lastMs: 27_835 },
      { locale: 'es', accepted: 1799, firstMs: 221, medianMs: 13_990, p99Ms: 27_570, lastMs: 27_829 },
    ],
  },
  ...{ idleMsPerMessage: 4.1, heldMsPerMessage: 31.5 },
  audience: { rows: 5000, recipients: 4948, ...refused },
  approval,
  startedAt,
  finishedAt: '2026-11-20T12:04:28.100Z',
}

const byPart = {
  ...{ dynamodb: 0.00237, lambda: 0.000802, sns: 0.00495, sqs: 0.000834 },
  ...{ s3: 0.0000235, api: 0.000014, kms: 0.000001, logs: 0.000005 },
}
export const estimateExample = {
  ...{ noticeId, recipients: 4948, ratePerSecond: 180, seconds: 27.5, accountPlan: 'essentials' },
  plans: [{ plan: 'essentials', ses: 0.792, planMonthly: 0, overheadShare: 0.0114, total: 0.814 }],
  ...{ overhead: 0.009, byPart, keeping: 0.0132, deliveryRetentionDays: 400, basis: COST_BASIS },
}

export const deliveryExample = {
  recipientKey: '3q2-7wXr0J5mVtYbC9aEfg',
  ...{ batch: 12, fate: 'accepted', at: '2026-11-20T12:04:07.310Z', attempts: 1 },
  ...{ sentAgain: false, retryable: true, reached: 'bounced', detail: 'Transient/MailboxFull' },
  messageIds: ['0107019a9f3c5d2e-6a1b7c00-0000-4000-8000-000000000000-000000'],
}

const [messageId] = deliveryExample.messageIds
export const lookUpExample = {
  found: true,
  delivery: deliveryExample,
  timeline: [
    { at: '2026-11-20T12:04:07.302Z', attempt: 1, what: 'send', messageId },
    { at: '2026-11-20T12:04:07.310Z', attempt: 1, what: 'accepted', messageId },
    { at: '2026-11-20T12:04:09.000Z', attempt: 1, what: 'bounce', reason: 'Transient/MailboxFull', messageId },
  ],
}

const means = 'An address stands in it that is neither the recipient’s own nor written in the approved notice.'
const finding = { rule: 'foreign-address', field: 'Content.Simple.Body.Text' } as const
export const leakExample = {
  ...{ at: '2026-11-20T12:04:03.120Z', run: 1, ...finding, means, excerpt: '* * *: *.*@*.*' },
  ...{ batch: 12, recipientKey: deliveryExample.recipientKey },
}

export const historyExample = {
  entries: [
    { at: '2026-11-20T12:00:00.000Z', action: 'create', by: operator, run: 0 },
    { at: '2026-11-20T12:01:00.000Z', action: 'upload', by: operator, run: 0 },
    { at: approval.at, action: 'approve', by: operator, run: 0 },
    { at: startedAt, action: 'start', by: operator, run: 1 },
    { at: leakExample.at, action: 'stop', run: 1, finding: { ...finding, excerpt: leakExample.excerpt } },
  ],
  leftOut: 0,
}

export const recipientsLinkExample = {
  recipientsUrl: 'https://bucket.s3.example/audiences/a-3f8k2mq70c9d1vwx/recipients.ndjson?X-Amz-Signature=…',
  batchesUrl: 'https://bucket.s3.example/audiences/a-3f8k2mq70c9d1vwx/batches?X-Amz-Signature=…',
  audienceDigest,
  expiresAt: '2026-11-20T13:15:00.000Z',
}

export const quotaProblemExample = {
  type: 'urn:onlyto:problem:quota-too-small',
  title: 'The 24-hour quota is too small for all of it today',
  status: 409,
  detail:
    "There are 4948 recipients to send to, and 1300 of them fit into the account's 24-hour quota now: it is 2000, of which …",
  instance: `/notices/${noticeId}/start`,
  ...{ needed: 4948, fitsToday: 1300, quota: 2000, sentLast24Hours: 500, share: 0.9, pendingElsewhere: 0, days: 4 },
}

export const leakProblemExample = {
  type: 'urn:onlyto:problem:leak-not-confirmed',
  title: 'The leak guard refused messages, and nobody has said why it is safe',
  status: 409,
  detail: `The leak guard refused 3 messages of notice ${noticeId}, so that nothing of it left. Rule foreign-address, …`,
  instance: `/notices/${noticeId}/resume`,
  leak: leakExample,
  rejections: [{ ...finding, means, recipients: 3 }],
}

export const problemExample = {
  type: 'urn:onlyto:problem:state-conflict',
  title: 'The state of the notice does not allow this',
  status: 409,
  detail: `Notice ${noticeId} is finished: stop is refused. Only a notice that is being sent can be stopped.`,
  instance: `/notices/${noticeId}/stop`,
}
