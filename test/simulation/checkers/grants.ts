import * as z from 'zod'
import type { ExchangeEntry, History } from '../history.ts'

/** A rate that a dispatcher has written into a pacer's item. */
export interface Grant {
  readonly atMs: number
  readonly process: string
  /** '' is the main lane. */
  readonly lane: string
  readonly ratePerSecond: number
  /** What SES's answer to GetAccount had told that dispatcher last. */
  readonly shownRate: number
  /** The end of the slots that had been given out before. */
  readonly givenOutUntilMs: number
}

const itemSchema = z.object({
  pk: z.object({ S: z.string().startsWith('PACER#') }),
  sk: z.object({ S: z.string() }),
  tatUs: z.object({ N: z.coerce.number() }),
  baseIntervalUs: z.object({ N: z.coerce.number() }),
})
/** The first rate is put; each later one is an update that answers with the item. */
const putSchema = z.object({ Item: itemSchema })
const updatedSchema = z.object({ Attributes: itemSchema })
const accountSchema = z.object({ SendQuota: z.object({ MaxSendRate: z.number() }) })

const known = new WeakMap<History, readonly Grant[]>()

/** Every grant of a rate, in the order in which the table took them. */
export function grantsIn(history: History): readonly Grant[] {
  const before = known.get(history)
  if (before !== undefined) return before
  const shown = new Map<string, readonly ExchangeEntry[]>()
  const grants: Grant[] = []
  for (const entry of history.entries) {
    if (entry.kind !== 'exchange' || entry.room !== 'dispatcher') continue
    if (entry.operation === 'GetAccount') shown.set(entry.process, [...(shown.get(entry.process) ?? []), entry])
    const grant = grantOf(entry, shown.get(entry.process) ?? [])
    if (grant !== undefined) grants.push(grant)
  }
  grants.sort((a, b) => a.atMs - b.atMs)
  // A dispatcher that SES has told nothing yet goes by what another had written down.
  let highest = 0
  for (const [index, grant] of grants.entries()) {
    highest = Math.max(highest, grant.shownRate)
    if (grant.shownRate === 0) grants[index] = { ...grant, shownRate: highest }
  }
  known.set(history, grants)
  return grants
}

function grantOf(entry: ExchangeEntry, looks: readonly ExchangeEntry[]): Grant | undefined {
  if (entry.served?.status !== 200 || entry.arrivedAtMs === undefined) return undefined
  const written = writtenItem(entry.operation, entry.request.body, entry.served.body)
  if (written === undefined) return undefined
  const { sk, tatUs, baseIntervalUs } = written
  const look = looks.findLast(
    ({ answeredAtMs, served }) => served?.status === 200 && (answeredAtMs ?? Number.POSITIVE_INFINITY) <= entry.atMs,
  )
  const account = accountSchema.safeParse(JSON.parse(Buffer.from(look?.served?.body ?? '{}').toString()))
  return {
    atMs: entry.arrivedAtMs,
    process: entry.process,
    lane: sk.S.replace(/^PACER#?/, ''),
    ratePerSecond: 1_000_000 / baseIntervalUs.N,
    shownRate: account.success ? account.data.SendQuota.MaxSendRate : 0,
    givenOutUntilMs: tatUs.N / 1000,
  }
}

function writtenItem(operation: string, request: Uint8Array, answer: Uint8Array) {
  const parsed = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString())
  if (operation === 'PutItem') return putSchema.safeParse(parsed(request)).data?.Item
  return operation === 'UpdateItem' ? updatedSchema.safeParse(parsed(answer)).data?.Attributes : undefined
}

/** A rate and the time for which slots of it may be used. */
export interface RateInForce {
  readonly fromMs: number
  readonly untilMs: number
  readonly ratePerSecond: number
}

/** The rates of one lane, or the account's rate behind them: each until the next one's, or until its slots are used up. */
export function ratesInForce(grants: readonly Grant[], rateOf: (grant: Grant) => number): readonly RateInForce[] {
  return [...Map.groupBy(grants, ({ lane }) => lane).values()].flatMap(ofLane =>
    ofLane.map((grant, index) => {
      const next = ofLane[index + 1]
      const untilMs = next === undefined ? Number.POSITIVE_INFINITY : Math.max(next.atMs, next.givenOutUntilMs)
      return { fromMs: grant.atMs, untilMs, ratePerSecond: rateOf(grant) }
    }),
  )
}

/** The highest of the rates that were in force at some moment of a while. */
export function highestRate(rates: readonly RateInForce[], fromMs: number, untilMs: number): number {
  return rates.reduce(
    (most, rate) => (rate.fromMs <= untilMs && rate.untilMs >= fromMs ? Math.max(most, rate.ratePerSecond) : most),
    0,
  )
}
