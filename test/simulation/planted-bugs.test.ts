import { expect, it } from 'vitest'
import type { LedgerStore } from '../../functions/ledger/ledger-store.ts'
import type { Notice, Pace } from '../../functions/notice/notice.ts'
import type { NoticeStore } from '../../functions/notice/notice-store.ts'
import type { Mailer } from '../../functions/ses/mailer.ts'
import { inspected } from '../memory/inspected.ts'
import { violationsIn } from './checkers/all.ts'
import { inHaste, inLanes, limited, modest, people, plain, unhurried } from './planted-scenarios.ts'
import type { Plants } from './plants.ts'
import { runSeed } from './run-seed.ts'
import type { Scenario } from './scenario.ts'

async function caughtBy(plants: Plants, change = plain): Promise<readonly string[]> {
  const violations = violationsIn(await runSeed('planted', { plants, change }))
  return [...new Set(violations.map(({ checker }) => checker))]
}

const altered =
  (text: string) =>
  (mailer: Mailer): Mailer => ({
    send: ({ request }) => {
      const { Simple } = request.Content
      const Body = { ...Simple.Body, Text: { ...Simple.Body.Text, Data: `${Simple.Body.Text.Data}${text}` } }
      return mailer.send(inspected({ ...request, Content: { Simple: { ...Simple, Body } } }))
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

/** What the dispatcher sees of each notice's pace. */
const paced =
  (change: (pace: Pace) => Pace) =>
  (notices: NoticeStore): NoticeStore => ({
    ...notices,
    read: async noticeId => {
      const found = await notices.read(noticeId)
      return found && { ...found, pace: change(found.pace) }
    },
  })

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
  'senders take the slots of the main lane for every lane': {
    plants: { sendersPacers: pacerOf => () => pacerOf(undefined) },
    checker: 'lane ceilings',
    change: inLanes,
  },
  'the dispatcher does not see that a notice is urgent': {
    plants: { dispatchersNotices: paced(pace => ({ ...pace, urgent: false })) },
    checker: 'urgent first',
    change: inHaste,
  },
  'the dispatcher does not see the share of a notice': {
    plants: { dispatchersNotices: paced(({ urgent, overDays }) => ({ urgent, overDays })) },
    checker: 'own share',
    change: modest,
  },
  'what was sent today is taken for nothing': {
    plants: {
      account: account => ({ readQuota: async () => ({ ...(await account.readQuota()), sentLast24Hours: 0 }) }),
    },
    checker: 'daily quota',
    change: limited,
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
  ['one with a lane', inLanes],
  ['two of which one is urgent', inHaste],
  ['one with a share of its own', modest],
  ['one that the daily quota holds up', limited],
])('with nothing planted there is nothing to catch in %s', async (_, change) => {
  expect(await caughtBy({}, change)).toEqual([])
})
