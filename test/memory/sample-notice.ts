import { emptyHistory } from '../../functions/notice/history.ts'
import { emptyTally, type Notice, usualPace } from '../../functions/notice/notice.ts'
import type { ReadyAudience } from '../../functions/recipient/audience.ts'
import { TEST_KEY_ID } from './memory-audience-keys.ts'

/** Somebody lets a notice go, at the usual pace. */
export const usualOrder = { by: 'arn:aws:iam::000000000000:user/ada', pace: usualPace }

/** A draft notice without an audience. */
export function draftNotice(changes: Partial<Notice> = {}): Notice {
  return {
    noticeId: 'n-20261120-abcd2345',
    name: 'Index change',
    state: 'draft',
    run: 0,
    generation: 0,
    from: { name: 'Example Exchange', address: 'notices@example.com' },
    replyTo: 'support@example.com',
    defaultLocale: 'en',
    locales: ['en'],
    contentDigest: 'content-digest',
    inDoubtPolicy: 'resend',
    pace: usualPace,
    createdBy: 'arn:aws:iam::000000000000:user/ada',
    createdAtMs: 1_800_000_000_000,
    tally: emptyTally,
    batchesDone: 0,
    history: emptyHistory,
    ...changes,
  }
}

export function readyAudience(changes: Partial<ReadyAudience> = {}): ReadyAudience {
  return {
    state: 'ready',
    audienceId: 'a-1',
    keyId: TEST_KEY_ID,
    rows: 250,
    recipients: 250,
    refusedRows: 0,
    refusedByReason: {},
    batches: 3,
    digest: 'audience-digest',
    locales: { en: 250 },
    lanes: {},
    variables: {},
    ...changes,
  }
}
