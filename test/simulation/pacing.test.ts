import { expect, it } from 'vitest'
import { type AccountLife, quietLife } from './account-life.ts'
import { violationsIn } from './checkers/all.ts'
import { sesCalls } from './checkers/ses-calls.ts'
import type { FaultWeights } from './faults.ts'
import type { ExchangeEntry } from './history.ts'
import { laneOf, RECIPIENT_DOMAIN } from './lanes.ts'
import { runSeed } from './run-seed.ts'
import { RECIPIENT_MARK, type Scenario } from './scenario.ts'
import { START_MS } from './scheduler.ts'

const RATE = 12
/** From here on nothing goes wrong; then there are 30 s to get over it, and 20 s to be judged by. */
const TROUBLE_UNTIL_MS = 25_000
const BACK_WITHIN_MS = 30_000
const JUDGED_MS = 20_000

interface Trouble {
  readonly weights?: FaultWeights
  readonly account?: AccountLife
  /** What of the rate is used again: 0.99 unless given. */
  readonly used?: number
}

const long =
  ({ weights = {}, account = quietLife }: Trouble) =>
  (scenario: Scenario): Scenario => ({
    ...scenario,
    weights,
    account,
    ...{ maxSendRate: RATE, share: 1, lanes: {}, senders: 4, batchSize: 25, settleDelayMs: 5_000 },
    ...{ senderTimeoutMs: 300_000, safetyMs: TROUBLE_UNTIL_MS },
    notices: [
      {
        number: 0,
        people: Array.from({ length: RATE * 85 }, (_, index) => ({
          address: `${RECIPIENT_MARK}-0-${index}@${RECIPIENT_DOMAIN}`,
          name: `Customer ${index}`,
        })),
        ...{ badRows: 0, policy: 'resend', pace: {}, deeds: [], startsAfterMs: 0, impatient: false, retries: false },
      },
    ],
  })

/** The end of the slots that an exchange has reserved. */
function slotsUntilMs({ operation, served }: ExchangeEntry): number {
  const tatUs = /"tatUs":\{"N":"(\d+)"/.exec(Buffer.from(served?.body ?? '').toString())?.[1]
  return operation === 'UpdateItem' && tatUs !== undefined ? Number(tatUs) / 1000 : 0
}

const troubles: Readonly<Record<string, Trouble>> = {
  'other systems of the account have taken most of the rate': {
    account: { changes: [], foreign: [{ fromMs: 2_000, untilMs: 60_000, share: 0.6 }] },
  },
  'SES has throttled one call in five': { weights: { 'ses-throttle': 0.2 } },
  'the table has paused again and again': { weights: { 'dynamodb-paused': 0.02 } },
  'all senders have slept and woken together': { weights: { 'lambda-herd': 0.02 } },
  'senders have died with what they had reserved': { weights: { 'lambda-crash': 0.01 } },
  // For good: at so low a rate SES has two tokens, and two clocks that are 100 ms apart throw away more than one.
  'every clock is wrong by up to 50 ms': { weights: { 'clock-skew': 1, 'timer-late': 0.05 }, used: 0.93 },
}

it.each(Object.entries(troubles))(
  'almost all of the rate is used again within 30 s after %s',
  async (name, trouble) => {
    const evidence = await runSeed(name, { change: long(trouble) })
    expect(violationsIn(evidence)).toEqual([])
    const fromMs = START_MS + TROUBLE_UNTIL_MS + BACK_WITHIN_MS
    const calls = sesCalls(evidence.history).filter(
      ({ startedAtMs, accepted }) => accepted !== undefined && startedAtMs > fromMs && startedAtMs < fromMs + JUDGED_MS,
    )
    expect(calls.length / ((RATE * JUDGED_MS) / 1000)).toBeGreaterThanOrEqual(trouble.used ?? 0.99)
  },
)

it('senders die with slots that they have reserved, and only those are lost', async () => {
  const evidence = await runSeed('reserved', { change: long({ weights: { 'lambda-crash': 0.01 } }) })
  const died = evidence.history.entries.flatMap(entry =>
    entry.kind === 'invocation-end' && entry.result.kind === 'died' && entry.of.room === 'sender' ? [entry] : [],
  )
  const withSlots = died.filter(({ atMs, of: { process } }) =>
    evidence.history.entries.some(
      entry =>
        entry.kind === 'exchange' && entry.process === process && entry.atMs < atMs && slotsUntilMs(entry) > atMs,
    ),
  )
  expect(withSlots.length).toBeGreaterThan(0)
  expect(violationsIn(evidence)).toEqual([])
})

it('a slow lane is full and slows nobody', async () => {
  const lanes = { 'slow.example': 1, 'post.*': 2.5 }
  const people = (count: number, domain: string) =>
    Array.from({ length: count }, (_, index) => ({
      address: `${RECIPIENT_MARK}-0-${domain.length}-${index}@${domain}`,
      name: `Customer ${index}`,
    }))
  const everybody = [...people(1000, RECIPIENT_DOMAIN), ...people(40, 'slow.example'), ...people(100, 'post.test')]
  const change = (scenario: Scenario): Scenario => {
    const { notices, ...rest } = long({})(scenario)
    return {
      ...rest,
      maxSendRate: 36,
      lanes,
      senders: 5,
      notices: notices.map(notice => ({ ...notice, people: everybody })),
    }
  }
  const evidence = await runSeed('slow lanes', { change })
  expect(violationsIn(evidence)).toEqual([])
  const calls = Map.groupBy(sesCalls(evidence.history), ({ mail }) =>
    laneOf(mail.Destination['ToAddresses']?.[0] ?? '', lanes),
  )
  const perSecond = (lane: string | undefined) => {
    const times = (calls.get(lane) ?? []).map(({ startedAtMs }) => startedAtMs)
    return (times.length - 1) / (((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000)
  }
  expect(perSecond(undefined)).toBeGreaterThan(0.99 * (36 - 1 - 2.5))
  // As it ends before the others, it needs less and less of its ceiling.
  expect(perSecond('slow.example')).toBeGreaterThan(0.9)
  expect(perSecond('post.*')).toBeGreaterThan(0.9 * 2.5)
})

it('a rate that SES changes again and again is obeyed with the next pass, and used in full within 30 s', async () => {
  const everyMs = 11_000
  const changes = [8, 24, 4, 12].map((maxSendRate, index) => ({ afterMs: everyMs * (index + 1), maxSendRate }))
  const change = (scenario: Scenario) => ({ ...long({ account: { changes, foreign: [] } })(scenario), senders: 2 })
  const evidence = await runSeed('changes', { change })
  expect(violationsIn(evidence)).toEqual([])
  const calls = sesCalls(evidence.history)
  const bornMs = calls[0]?.startedAtMs ?? 0
  const used = (fromMs: number, untilMs: number, rate: number) =>
    calls.filter(({ startedAtMs }) => startedAtMs > bornMs + fromMs && startedAtMs <= bornMs + untilMs).length /
    ((rate * (untilMs - fromMs)) / 1000)
  // A pass begins every five seconds; then two senders have a window of a second each.
  for (const { afterMs, maxSendRate } of changes) {
    expect(used(afterMs + 8_000, afterMs + everyMs, maxSendRate)).toBeLessThan(1.05)
  }
  const lastMs = changes.at(-1)?.afterMs ?? 0
  expect(used(lastMs + BACK_WITHIN_MS, lastMs + BACK_WITHIN_MS + JUDGED_MS / 2, 12)).toBeGreaterThanOrEqual(0.99)
})
