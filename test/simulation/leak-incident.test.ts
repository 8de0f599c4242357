import { crc32 } from 'node:zlib'
import { expect, it } from 'vitest'
import type { Fact } from '../../functions/ledger/delivery.ts'
import type { Mailer } from '../../functions/ses/mailer.ts'
import { violationsIn } from './checkers/all.ts'
import type { Evidence, Violation } from './checkers/evidence.ts'
import { noticesIn } from './checkers/ledger-view.ts'
import { sesCalls } from './checkers/ses-calls.ts'
import { runSeed } from './run-seed.ts'

const finding = { rule: 'uninspected', field: 'body', excerpt: '*@*.*' } as const
const ONE_IN = 15

/** A sender of which some messages are stopped on their way to SES, each attempt by chance. */
function faulty(mailer: Mailer, told: { refusals: number }): Mailer {
  return {
    send: async mail => {
      const tags = mail.request.EmailTags.map(({ Value }) => Value).join('/')
      if (crc32(tags) % ONE_IN !== 0) return mailer.send(mail)
      told.refusals++
      return { kind: 'refused-by-guard', ...finding }
    },
  }
}

interface LeakStop {
  readonly noticeId: string
  readonly landedAtMs: number
}

/** The writes that stopped a notice after a refusal, when they took effect. */
function leakStops({ history }: Evidence): readonly LeakStop[] {
  return history.entries.flatMap(entry => {
    if (entry.kind !== 'exchange' || entry.operation !== 'UpdateItem' || entry.served?.status !== 200) return []
    const body = Buffer.from(entry.request.body).toString()
    const noticeId = /"NOTICE#([^"]+)"/.exec(body)?.[1]
    if (!body.includes('leak-guard') || noticeId === undefined || entry.arrivedAtMs === undefined) return []
    return [{ noticeId, landedAtMs: entry.arrivedAtMs }]
  })
}

/** Calls that began later than a second after such a stop, before anybody has said that it is safe. */
function lateCalls(evidence: Evidence): readonly string[] {
  const { entries } = evidence.history
  return leakStops(evidence).flatMap(({ noticeId, landedAtMs }) => {
    const goesOn = entries.find(
      entry =>
        entry.kind === 'api-call' &&
        entry.atMs >= landedAtMs &&
        entry.path.includes(noticeId) &&
        /\/(resume|retry)$/.test(entry.path),
    )
    const untilMs = goesOn?.atMs ?? Number.POSITIVE_INFINITY
    return sesCalls(evidence.history)
      .filter(call => call.noticeId === noticeId)
      .filter(({ startedAtMs }) => startedAtMs > landedAtMs + 1_000 && startedAtMs < untilMs)
      .map(({ startedAtMs }) => `${noticeId}: a call ${Math.round(startedAtMs - landedAtMs)} ms after its stop`)
  })
}

const isRefusal = (fact: Fact) => fact.fact === 'outcome' && fact.outcome.kind === 'rejected'

/** An incident is logged as an error, as it must be. */
const isIncident = ({ checker, what }: Violation) => checker === 'handlers' && what.includes('The leak guard')

it('whatever fails meanwhile, refusals stop every sender within a second, and keep every other promise', async () => {
  const told = { refusals: 0 }
  let stops = 0
  let accountedFor = 0
  for (let seed = 1; seed <= 8; seed++) {
    const evidence = await runSeed(`leak/${seed}`, { plants: { mailer: mailer => faulty(mailer, told) } })
    expect(violationsIn(evidence).filter(violation => !isIncident(violation))).toEqual([])
    expect(lateCalls(evidence)).toEqual([])
    stops += leakStops(evidence).length
    for (const { notice, factsByBatch } of noticesIn(evidence).values()) {
      const { entries } = notice.history
      const refused = [...factsByBatch.values()].flat().some(isRefusal)
      expect(entries.some(({ finding: found }) => found !== undefined)).toBe(refused)
      expect(notice.leak).toBeUndefined()
      accountedFor += entries.filter(({ reason }) => reason?.startsWith('Found and mended')).length
    }
  }
  expect(told.refusals).toBeGreaterThan(10)
  expect(stops).toBeGreaterThan(5)
  expect(accountedFor).toBeGreaterThan(5)
})
