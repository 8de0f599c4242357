import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { plain } from '../../../cli/terminal.ts'
import { drillJson, writeCase, writeVerdict } from '../../../local/drill/drill-report.ts'
import { type CaseEvidence, figuresOf, judgeCase, STILL_WITHIN_MS } from '../../../local/drill/judge-case.ts'
import { held } from './evidence.ts'

const { report, wire, simulator, alarm, arrivals } = held
const late = (atMs: number) => [...arrivals, { atMs, accepted: true, addresses: 1 }]

test('a case in which everything held has no fault', () => {
  expect(judgeCase(held)).toEqual([])
})

/** Each thing that can be wrong, by itself, and what is said of it. */
test.each<[string, Partial<CaseEvidence>, RegExp]>([
  ['a message to several', { wire: { ...wire, severalRecipients: 1 } }, /LEAKED: 1 messages without exactly one/],
  ['a copy', { wire: { ...wire, copies: 2 } }, /LEAKED: 2 messages with a Cc or Bcc/],
  ['a foreign address', { wire: { ...wire, foreignAddresses: 3 } }, /LEAKED: 3 addresses of somebody else/],
  ['another’s words', { wire: { ...wire, wrongRecipient: 4 } }, /LEAKED: 4 messages to the wrong person/],
  [
    'a request to several that SES refused',
    { arrivals: [...arrivals, { atMs: 9_500, accepted: false, addresses: 50 }] },
    /LEAKED: 1 requests to several/,
  ],
  [
    'a request to nobody that SES refused',
    { arrivals: [...arrivals, { atMs: 9_500, accepted: false, addresses: 0 }] },
    /LEAKED: 1 requests/,
  ],
  ['a message that cannot be read', { wire: { ...wire, unreadable: 1 } }, /1 messages that cannot be parsed/],
  ['a message twice', { wire: { ...wire, duplicates: 1 } }, /1 messages too many to the same recipient/],
  ['a message that SES has not kept', { wire: { ...wire, messages: 599 } }, /SES accepted 600, and kept 599/],
  ['a request that SES refused', { simulator: { ...simulator, refused: 2 } }, /SES refused 2 requests/],
  ['nothing sent before', { honest: 0 }, /no honest message/],
  ['a single sender', { batchesAtWork: 1 }, /only 1 batch/],
  ['no refusal', { firstRefusalAtMs: undefined }, /nothing was refused/],
  ['no stop', { stoppedAtMs: undefined }, /did not stop by itself/],
  ['a sender that goes on', { stoodStillAtMs: undefined }, /a sender still holds a batch/],
  [
    'a call long after the refusal',
    { arrivals: late(11_012), stoppedAtMs: 10_900 },
    /called 1012 ms after the first refusal, .* no more than 12 ms/,
  ],
  [
    'a call long after the stop',
    { arrivals: late(11_005), stoppedAtMs: 9_900 },
    /called 1105 ms after the stop was recorded/,
  ],
  ['a notice that goes on', { report: { ...report, state: 'sending' } }, /the notice is sending, not stopped/],
  [
    'a stop by somebody else',
    { report: { ...report, stopReason: { kind: 'operator', by: 'somebody' } } },
    /stopped by operator, with no refusal that happened/,
  ],
  [
    'a stop for a refusal that did not happen',
    { refusals: [{ rule: 'one-recipient', field: 'Destination', excerpt: '', recipients: 100 }] },
    /with no refusal that happened/,
  ],
  [
    'a refusal by another rule than was meant',
    { refusals: [...held.refusals, { rule: 'foreign-address', field: 'x', excerpt: '', recipients: 0 }] },
    /refused by foreign-address, where one-recipient should/,
  ],
  ['a silent history', { history: { entries: [], leftOut: 0 } }, /history tells of no refusal/],
  ['a silent alarm', { alarm: { ...alarm, state: 'OK', alarmAtMs: undefined } }, /the alarm did not go off/],
  ['a metric that counts less', { alarm: { ...alarm, counted: 99 } }, /counted 99 refusals of 100/],
  ['a late alarm', { alarm: { ...alarm, alarmAtMs: 180_000 } }, /went off 170000 ms after/],
  ['recipients that are not planned', { recipients: 3_201 }, /3200 were planned, but the file has 3201/],
  ['a recipient unaccounted for', { report: { ...report, pending: 2_499 } }, /the fates add up to 3199/],
  [
    'an acceptance that OnlyTo does not know',
    { report: { ...report, accepted: 599, pending: 2_501 } },
    /OnlyTo counts 599 accepted, SES 600/,
  ],
  [
    'a rejection without a fact',
    { report: { ...report, rejected: 101, pending: 2_499 }, alarm: { ...alarm, counted: 101 } },
    /OnlyTo counts 101 rejected, its ledger has 100/,
  ],
  ['a refusal that the report does not list', { report: { ...report, leakGuard: [] } }, /the report lists 0 refusals/],
  ['a recipient in doubt', { report: { ...report, inDoubt: 1, pending: 2_499 } }, /0 failed and 1 are in doubt/],
  ['a recipient that SES refused', { report: { ...report, failed: 1, pending: 2_499 } }, /1 failed and 0 are in doubt/],
])('%s is a fault, and nothing else is said', (_, wrong, said) => {
  const faults = judgeCase({ ...held, ...wrong })
  expect(faults).toHaveLength(1)
  expect(faults[0]).toMatch(said)
})

it('holds up to a second, and longer by as much as the computer held processes up', () => {
  fc.assert(
    fc.property(fc.nat(4_000), fc.nat(4_000), (afterMs, heldUpMs) => {
      const faults = judgeCase({
        ...{ ...held, heldUpMs, stoppedAtMs: held.firstRefusalAtMs },
        arrivals: [{ atMs: 10_000 + afterMs, accepted: true, addresses: 1 }],
      })
      expect(faults.length === 0).toBe(afterMs < STILL_WITHIN_MS + heldUpMs)
    }),
  )
})

it('measures from the first refusal and from the recorded stop', () => {
  expect(figuresOf(held)).toEqual({
    lastCallAfterRefusalMs: 400,
    lastCallAfterStopMs: 370,
    stoodStillAfterMs: 700,
    alarmAfterMs: 50_000,
  })
  const before = figuresOf({ ...held, arrivals: [{ atMs: 9_000, accepted: true, addresses: 1 }] })
  expect(before).toMatchObject({ lastCallAfterRefusalMs: 0, lastCallAfterStopMs: 0 })
})

it('has a report that says all of it, and a verdict that fails with any fault', () => {
  const text = writeCase(held, plain)
  for (const said of [
    '410 honest',
    '100 messages: one-recipient',
    'nothing that should not',
    '400 ms after',
    '370 ms after',
  ]) {
    expect(text).toContain(said)
  }
  expect(text).toContain('3,200 planned = 600 accepted + 100 rejected + 2,500 pending')
  expect(text).toContain('Held')
  const leaking = { ...held, wire: { ...wire, copies: 2 } }
  expect(writeCase(leaking, plain)).toMatch(/NOT HELD[\s\S]*LEAKED: 2/)
  expect(writeVerdict([held, leaking], false, plain)).toContain('FAILED: 1 of 2 cases')
  expect(writeVerdict([held], false, plain)).toContain('1 of 1 case held')
  expect(JSON.parse(drillJson([held, leaking]))).toMatchObject({
    held: false,
    cases: [
      { case: 'to', leaks: [], faults: [] },
      { leaks: ['2 messages with a Cc or Bcc'], faults: [expect.stringContaining('LEAKED')] },
    ],
  })
  expect(JSON.parse(drillJson([held])).held).toBe(true)
})
