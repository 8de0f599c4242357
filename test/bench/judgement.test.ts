import { expect, test } from 'vitest'
import { type Evidence, judge, type ListedDelivery } from '../../bench/live/judgement.ts'

interface Recipient {
  readonly times: number
  readonly fate?: ListedDelivery['fate']
  readonly sentAgain?: boolean
}

/** A notice that finished, as both sides tell it; each test breaks one thing of it. */
function evidence(recipients: Readonly<Record<string, Recipient>>, changes: Partial<Evidence> = {}): Evidence {
  const entries = Object.entries(recipients)
  const planned = entries.length
  const ofFate = (wanted: ListedDelivery['fate']) =>
    entries.filter(([, { fate = 'accepted' }]) => fate === wanted).length
  const messages = entries.reduce((sum, [, { times }]) => sum + times, 0)
  return {
    expected: Object.keys(recipients),
    reached: new Map(entries.flatMap(([address, { times }]) => (times === 0 ? [] : [[address, times]]))),
    listed: new Map(
      entries.map(([address, { fate = 'accepted', sentAgain = false }]) => [address, { fate, sentAgain }]),
    ),
    report: {
      ...{ noticeId: 'n-1', name: 'a notice', state: 'finished', run: 1, planned, suppressed: 0, pending: 0 },
      ...{ accepted: ofFate('accepted'), rejected: 0, failed: ofFate('failed'), inDoubt: ofFate('inDoubt') },
      ...{ bounced: 0, complained: 0, retryable: 0, sentAgain: 0, leakGuard: [] },
      ...{ seconds: 1, ratePerSecond: 1, throttles: 0 },
      audience: { rows: planned, recipients: planned, refusedRows: 0, refusedByReason: {} },
    },
    simulator: { accepted: messages, throttled: 0 },
    wire: {
      ...{ messages, recipients: planned, severalRecipients: 0, copies: 0, foreignAddresses: 0, wrongRecipient: 0 },
      unreadable: 0,
      duplicates: entries.reduce((sum, [, { times }]) => sum + Math.max(0, times - 1), 0),
      missing: entries.filter(([, { times }]) => times === 0).length,
      findings: [],
    },
    ...changes,
  }
}

const ana = 'ana@shop.example'
const bob = 'bob@shop.example'
const fine = { [ana]: { times: 1 }, [bob]: { times: 1 } }
const faultsOf = (recipients: Readonly<Record<string, Recipient>>, changes: Partial<Evidence> = {}) =>
  judge(evidence(recipients, changes)).faults

test('everybody once: nothing is broken', () => {
  const expected = { duplicates: 0, missing: 0, inDoubt: 0, sentAgain: 0, faults: [] }
  expect(judge(evidence(fine))).toEqual(expected)
})

test('a duplicate breaks the promise unless its recipient is listed as in doubt or as sent again', () => {
  expect(faultsOf({ ...fine, [bob]: { times: 2 } })).toEqual([expect.stringContaining('more than once')])
  const again = judge(evidence({ ...fine, [bob]: { times: 3, sentAgain: true } }))
  expect(again).toMatchObject({ duplicates: 2, sentAgain: 1, faults: [] })
  expect(judge(evidence({ ...fine, [bob]: { times: 2, fate: 'inDoubt' } }))).toMatchObject({
    duplicates: 1,
    faults: [],
  })
})

test('a listing of somebody else excuses no duplicate', () => {
  expect(faultsOf({ [ana]: { times: 1, sentAgain: true }, [bob]: { times: 2 } })).toHaveLength(1)
})

test('a missing recipient breaks the promise, whatever the ledger says, unless it is in doubt by name', () => {
  for (const fate of ['accepted', 'failed'] as const) {
    expect(faultsOf({ ...fine, [bob]: { times: 0, fate } })).toEqual([expect.stringContaining('got nothing')])
  }
  const doubted = judge(evidence({ ...fine, [bob]: { times: 0, fate: 'inDoubt' } }))
  expect(doubted).toMatchObject({ missing: 1, inDoubt: 1, faults: [] })
})

test('a recipient without a fate, or with the opposite of what happened, breaks the promise', () => {
  expect(faultsOf({ ...fine, [bob]: { times: 1, fate: 'pending' } })).not.toEqual([])
  expect(faultsOf(fine, { listed: new Map([[ana, { fate: 'accepted', sentAgain: false }]]) })).toEqual([
    '1 recipients have no fate in the ledger',
  ])
  expect(faultsOf({ ...fine, [bob]: { times: 1, fate: 'failed' } })).toEqual([
    expect.stringContaining('says that nothing was accepted'),
  ])
})

test('a notice that did not end, a report that differs and a wrong message break the promise', () => {
  const { report, wire, simulator } = evidence(fine)
  expect(faultsOf(fine, { report: { ...report, state: 'sending' } })).not.toEqual([])
  expect(faultsOf(fine, { report: { ...report, pending: 1, accepted: 1 } })).not.toEqual([])
  expect(faultsOf(fine, { report: { ...report, inDoubt: 1, accepted: 1 } })).not.toEqual([])
  expect(faultsOf(fine, { wire: { ...wire, foreignAddresses: 1 } })).not.toEqual([])
  expect(faultsOf(fine, { wire: { ...wire, missing: 1 } })).not.toEqual([])
  expect(faultsOf(fine, { wire: { ...wire, duplicates: 1 } })).not.toEqual([])
  expect(faultsOf(fine, { simulator: { ...simulator, accepted: 3 } })).not.toEqual([])
})

test('no fault names an address', () => {
  const faults = faultsOf({ [ana]: { times: 0 }, [bob]: { times: 2 } })
  expect(faults).toHaveLength(2)
  expect(faults.join()).not.toContain('@')
})
