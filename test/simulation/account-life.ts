import type { SeededRandom } from './seeded-random.ts'

/** From a moment on the account may send so much. */
export interface AccountChange {
  /** After the first message has come to SES. */
  readonly afterMs: number
  readonly maxSendRate: number
}

/** A while in which other systems of the account send as well. */
export interface ForeignSpell {
  readonly fromMs: number
  readonly untilMs: number
  /** Their part of the account's rate. */
  readonly share: number
}

/** What befalls the account itself while notices are being sent; no fault of anything. */
export interface AccountLife {
  readonly changes: readonly AccountChange[]
  /** One after the other. */
  readonly foreign: readonly ForeignSpell[]
  /** Unlimited unless given. */
  readonly quota?: DailyAllowance
}

/** The 24-hour quota, and what of it others had used before the first notice. */
export interface DailyAllowance {
  readonly max24HourSend: number
  readonly before: { readonly agoMs: number; readonly recipients: number }
}

export const quietLife: AccountLife = { changes: [], foreign: [] }

export function drawAccountLife(random: SeededRandom, maxSendRate: number, sendingMs: number): AccountLife {
  const changes = Array.from({ length: random.chance(0.2) ? random.integer(1, 4) : 0 }, () => ({
    afterMs: random.between(0, 1.5) * sendingMs,
    maxSendRate: Math.max(2, Math.round(maxSendRate * random.acrossScales(0.25, 4))),
  }))
  const ends = Array.from({ length: random.chance(0.25) ? random.pick([2, 2, 4]) : 0 }, () =>
    random.between(0, 1.5 * sendingMs),
  ).sort((a, b) => a - b)
  return {
    changes: changes.sort((a, b) => a.afterMs - b.afterMs),
    foreign: ends.flatMap((untilMs, index) =>
      index % 2 === 0 ? [] : [{ fromMs: ends[index - 1] ?? 0, untilMs, share: random.acrossScales(0.05, 0.6) }],
    ),
  }
}

export function maxSendRateAt(
  { account, maxSendRate }: { readonly account: AccountLife; readonly maxSendRate: number },
  lifeMs: number,
): number {
  return account.changes.findLast(({ afterMs }) => afterMs <= lifeMs)?.maxSendRate ?? maxSendRate
}

const DAY_MS = 86_400_000

/**
 * A quota that has room for everybody only once what others sent almost a day ago has left the count; now and then what they
 * sent just now, so that a day must pass.
 */
export function drawAllowance(
  random: SeededRandom,
  { foreign }: AccountLife,
  { people, share, maxSendRate }: { readonly people: number; readonly share: number; readonly maxSendRate: number },
): DailyAllowance {
  const others = foreign.reduce((sum, spell) => sum + spell.share * (spell.untilMs - spell.fromMs), 0) / 1000
  const max24HourSend = Math.ceil((2 * people + 50) / share + 1.5 * others * maxSendRate)
  const room = Math.round(people * random.between(0, 1.2))
  const freesAfterMs = random.chance(WHOLE_DAY) ? DAY_MS - 60_000 : random.between(30_000, 300_000)
  return {
    max24HourSend,
    before: { agoMs: DAY_MS - freesAfterMs, recipients: Math.max(0, Math.floor(share * max24HourSend) - room) },
  }
}

/** A day of virtual time costs seconds. */
const WHOLE_DAY = 0.03

/** How long after the beginning the whole quota is free. */
export function quotaFreeAfterMs({ quota }: AccountLife): number {
  return quota === undefined ? 0 : DAY_MS - quota.before.agoMs + 60_000
}

/** The least rate that SES ever grants: what bounds the time that everything takes. */
export function leastRate({ account, maxSendRate }: Parameters<typeof maxSendRateAt>[0]): number {
  return Math.min(maxSendRate, ...account.changes.map(change => change.maxSendRate))
}

/** Moments at which other systems call SES: each by chance, so many a second on average. */
export interface ForeignTraffic {
  /** Those up to a moment that were not given before. */
  until(lifeMs: number): readonly number[]
}

export function foreignTraffic(
  random: SeededRandom,
  spells: readonly ForeignSpell[],
  rateAt: (lifeMs: number) => number,
): ForeignTraffic {
  const left = [...spells]
  let atMs = 0

  function next({ fromMs, share }: ForeignSpell): number {
    const sinceMs = Math.max(atMs, fromMs)
    return sinceMs - Math.log(1 - random.next()) * (1000 / (rateAt(sinceMs) * share))
  }

  let upcomingMs: number | undefined
  return {
    until: lifeMs => {
      const moments: number[] = []
      for (;;) {
        const [spell] = left
        if (spell === undefined) return moments
        upcomingMs ??= next(spell)
        if (upcomingMs > spell.untilMs) {
          if (lifeMs <= spell.untilMs) return moments
          left.shift()
        } else {
          if (upcomingMs > lifeMs) return moments
          moments.push(upcomingMs)
          atMs = upcomingMs
        }
        upcomingMs = undefined
      }
    },
  }
}
