import { expect, it } from 'vitest'
import type { LedgerStore } from '../../functions/ledger/ledger-store.ts'
import type { Notice } from '../../functions/notice/notice.ts'
import type { Mailer } from '../../functions/ses/mailer.ts'
import { quietLife } from './account-life.ts'
import { violationsIn } from './checkers/all.ts'
import { RECIPIENT_DOMAIN } from './lanes.ts'
import type { Plants } from './plants.ts'
import { runSeed } from './run-seed.ts'
import { type PlannedNotice, RECIPIENT_MARK, type Scenario } from './scenario.ts'

const peopleOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    address: `${RECIPIENT_MARK}-0-${index}@${RECIPIENT_DOMAIN}`,
    name: `Customer ${index}`,
  }))
const people = peopleOf(60)

const notice: PlannedNotice = {
  number: 0,
  people,
  badRows: 0,
  policy: 'resend',
  pace: {},
  deeds: [{ afterMs: 1_500, deed: 'stop' }],
  startsAfterMs: 0,
  impatient: false,
  retries: false,
}

/** Three senders, six batches of ten, ten seconds of sending; nothing goes wrong but for what is planted. */
const plain = (scenario: Scenario): Scenario => ({
  ...scenario,
  weights: {},
  maxSendRate: 8,
  account: quietLife,
  lanes: {},
  share: 0.75,
  senders: 3,
  batchSize: 10,
  settleDelayMs: 5_000,
  senderTimeoutMs: 300_000,
  safetyMs: 60_000,
  notices: [notice],
})

/** A notice that takes long enough for its pace to be judged, and that nobody stops. */
const unhurried = (scenario: Scenario): Scenario => ({
  ...plain(scenario),
  maxSendRate: 20,
  batchSize: 40,
  notices: [{ ...notice, people: peopleOf(240), deeds: [] }],
})

async function caughtBy(plants: Plants, change = plain): Promise<readonly string[]> {
  const violations = violationsIn(await runSeed('planted', { plants, change }))
  return [...new Set(violations.map(({ checker }) => checker))]
}

const altered =
  (text: string) =>
  (mailer: Mailer): Mailer => ({
    send: request => {
      const { Simple } = request.Content
      const Body = { ...Simple.Body, Text: { ...Simple.Body.Text, Data: `${Simple.Body.Text.Data}${text}` } }
      return mailer.send({ ...request, Content: { Simple: { ...Simple, Body } } })
    },
  })

/** The first state of a notice that a sender reads is all that it ever sees. */
const deaf: Plants['sendersNotices'] = notices => {
  const seen = new Map<string, Notice>()
  return {
    ...notices,
    read: async noticeId => {
      const found = seen.get(noticeId) ?? (await notices.read(noticeId))
      if (found !== undefined) seen.set(noticeId, found)
      return found
    },
  }
}

const ledgerThat =
  (change: (ledger: LedgerStore) => Partial<LedgerStore>) =>
  (ledger: LedgerStore): LedgerStore => ({ ...ledger, ...change(ledger) })

const miscounting = ledgerThat(ledger => ({
  finish: (holder, { tally, ...progress }, version) =>
    ledger.finish(holder, { ...progress, tally: { ...tally, accepted: tally.accepted - 1 } }, version),
}))

const bugs: Readonly<
  Record<
    string,
    { readonly plants: Plants; readonly checker: string; readonly change?: (scenario: Scenario) => Scenario }
  >
> = {
  'another customer is named in a message': {
    plants: { mailer: altered(` ${people[7]?.address}`) },
    checker: 'alone',
  },
  'every message is sent twice': {
    plants: {
      mailer: mailer => ({
        send: async request => {
          await mailer.send(request)
          return mailer.send(request)
        },
      }),
    },
    checker: 'once',
  },
  'the ledger forgets what it is told': {
    plants: { ledger: ledgerThat(() => ({ putFacts: async () => {} })) },
    checker: 'accounted for',
  },
  'the counts of a batch are off by one': { plants: { ledger: miscounting }, checker: 'accounted for' },
  'the counts of a batch are off by one, and the operator asks': {
    plants: { ledger: miscounting },
    checker: 'answers',
  },
  'the pacer is granted three times the rate': { plants: { granted: rate => rate * 3 }, checker: 'at the limit' },
  'the pacer is granted a tenth too little': {
    plants: { granted: rate => rate * 0.9 },
    checker: 'to the limit',
    change: unhurried,
  },
  'a sender does not hear of a stop': { plants: { sendersNotices: deaf }, checker: 'stops' },
  'a message says more than was approved': { plants: { mailer: altered('!') }, checker: 'as approved' },
  'a log line has an address': {
    plants: {
      log: log => ({ ...log, info: (message, fields) => log.info(message, { ...fields, to: people[0]?.address }) }),
    },
    checker: 'private',
  },
  'no batch is ever done': {
    plants: { ledger: ledgerThat(() => ({ finish: async () => ({ kind: 'lost' }) })) },
    checker: 'ends',
  },
  'claiming a batch throws now and then': {
    plants: {
      ledger: ledgerThat(ledger => {
        let claims = 0
        return {
          claim: claim => (claims++ < 2 ? Promise.reject(new TypeError('planted')) : ledger.claim(claim)),
        }
      }),
    },
    checker: 'handlers',
  },
}

it.each(Object.entries(bugs))('%s: caught', async (_, { plants, checker, change }) => {
  expect(await caughtBy(plants, change)).toContain(checker)
})

it.each([
  ['a short notice', plain],
  ['a long one', unhurried],
])('with nothing planted there is nothing to catch in %s', async (_, change) => {
  expect(await caughtBy({}, change)).toEqual([])
})
