import { quietLife } from './account-life.ts'
import { RECIPIENT_DOMAIN } from './lanes.ts'
import { type PlannedNotice, RECIPIENT_MARK, type Scenario } from './scenario.ts'

const peopleOf = (count: number, number = 0) =>
  Array.from({ length: count }, (_, index) => ({
    address: `${RECIPIENT_MARK}-${number}-${index}@${RECIPIENT_DOMAIN}`,
    name: `Customer ${index}`,
  }))
export const people = peopleOf(60)

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
export const plain = (scenario: Scenario): Scenario => ({
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
export const unhurried = (scenario: Scenario): Scenario => ({
  ...plain(scenario),
  maxSendRate: 20,
  batchSize: 40,
  notices: [{ ...notice, people: peopleOf(240), deeds: [] }],
})

/** A quarter of the people have their mailboxes where three a second are the most. */
export const inLanes = (scenario: Scenario): Scenario => ({
  ...unhurried(scenario),
  lanes: { 'slow.example': 3 },
  notices: [
    {
      ...notice,
      people: peopleOf(120).map((person, index) =>
        index % 4 === 0 ? { ...person, address: person.address.replace(RECIPIENT_DOMAIN, 'slow.example') } : person,
      ),
      deeds: [],
    },
  ],
})

/** A long notice, and an urgent one a few seconds after it. */
export const inHaste = (scenario: Scenario): Scenario => ({
  ...unhurried(scenario),
  notices: [
    { ...notice, people: peopleOf(300), deeds: [] },
    { ...notice, number: 1, people: peopleOf(500, 1), deeds: [], startsAfterMs: 4_000, pace: { urgent: true } },
  ],
})

export const modest = (scenario: Scenario): Scenario => ({
  ...unhurried(scenario),
  notices: [{ ...notice, people: peopleOf(240), deeds: [], pace: { share: 0.2 } }],
})

/** The stack's share has room for 25 of 60 people for the first minute and a half. */
export const limited = (scenario: Scenario): Scenario => ({
  ...plain(scenario),
  account: {
    ...quietLife,
    quota: { max24HourSend: 150, before: { agoMs: 24 * 3_600_000 - 90_000, recipients: 87 } },
  },
  notices: [{ ...notice, deeds: [] }],
})
