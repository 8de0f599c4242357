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
