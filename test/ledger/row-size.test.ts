import { expect, it } from 'vitest'
import { type Acceptances, addAcceptance } from '../../functions/ledger/acceptance-times.ts'
import { batchRow } from '../memory/batch-row.ts'
import { sizeOfItem } from '../memory/item-size.ts'

function rowWith(locales: number): number {
  const atMs = 1_800_000_123_456.789
  let acceptances: Acceptances = {}
  for (let n = 0; n < locales * 9; n++) {
    acceptances = addAcceptance(acceptances, `zh-Hant-${String.fromCharCode(65 + (n % locales))}K`, atMs + n * 1_234)
  }
  const row = batchRow(12_345_678, {
    noticeId: 'n-20261120-abcd2345',
    owner: '0123456789abcdef',
    claimableAtMs: atMs,
    aliveAtMs: atMs,
    begun: 100,
    vanished: [{ attempt: 2, begun: 75, aliveAtMs: atMs }],
    tally: { accepted: 95, rejected: 1, failed: 1, suppressed: 1, inDoubt: 2 },
    acceptances,
    idleMs: 123_456,
    heldMs: 234_567,
    stop: { run: 1, inFlight: 12, after: 34, lastCallAfterMs: 567 },
  })
  return sizeOfItem({ pk: 'NOTICE#n-20261120-abcd2345', sk: 'BATCH#12345678', ...row })
}

it('A batch row of ten locales, a stop and a vanished claim is still one write unit', () => {
  // About 520 bytes with one locale, and 53 for each further.

  expect(rowWith(10)).toBeLessThanOrEqual(1_024)
})
