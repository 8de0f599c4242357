import type { Fate } from '../../functions/ledger/fate.ts'
import { brokenPromises, type DemoResult } from '../../local/demo/demo-result.ts'

/** What OnlyTo says became of one recipient. */
export interface ListedDelivery {
  readonly fate: Fate['kind']
  /** Sent again after a doubt that no event had settled: may have got it twice, and is listed as such. */
  readonly sentAgain: boolean
}

/** Both sides of a notice that has ended: what OnlyTo says of each recipient, and what each of them got. By address. */
export interface Evidence extends DemoResult {
  /** Everybody who should have got it. */
  readonly expected: Iterable<string>
  /** How many messages SES accepted for each address. */
  readonly reached: ReadonlyMap<string, number>
  readonly listed: ReadonlyMap<string, ListedDelivery>
}

export interface Judgement {
  readonly duplicates: number
  readonly missing: number
  readonly inDoubt: number
  readonly sentAgain: number
  /** What breaks a promise, in words without addresses; empty when all held. */
  readonly faults: readonly string[]
}

/**
 * Nobody twice and nobody left out, unless OnlyTo itself names them as in doubt or sent again: then the promise is kept, and
 * the message is only counted.
 */
export function judge(evidence: Evidence): Judgement {
  const { expected, reached, listed, report, simulator, wire } = evidence
  const counts = { duplicates: 0, missing: 0, inDoubt: 0, sentAgain: 0 }
  const unlisted = { twice: 0, never: 0, withoutFate: 0, againstFate: 0 }
  for (const address of expected) {
    const times = reached.get(address) ?? 0
    const { fate, sentAgain } = listed.get(address) ?? { fate: 'pending', sentAgain: false }
    const named = fate === 'inDoubt' || sentAgain
    if (fate === 'inDoubt') counts.inDoubt += 1
    if (sentAgain) counts.sentAgain += 1
    if (fate === 'pending') unlisted.withoutFate += 1
    if (!named && isRefused(fate) && times > 0) unlisted.againstFate += 1
    if (times === 0) counts.missing += 1
    if (times === 0 && !named) unlisted.never += 1
    counts.duplicates += Math.max(0, times - 1)
    if (times > 1 && !named) unlisted.twice += 1
  }
  const checks: readonly [number, string][] = [
    [unlisted.twice, 'recipients got it more than once and are not listed as in doubt'],
    [unlisted.never, 'recipients got nothing and are not listed as in doubt'],
    [unlisted.withoutFate, 'recipients have no fate in the ledger'],
    [unlisted.againstFate, 'recipients got it although the ledger says that nothing was accepted'],
    [Math.abs(report.inDoubt - counts.inDoubt), 'is how far the report and the ledger differ about those in doubt'],
    [Math.abs(wire.duplicates - counts.duplicates), 'is how far two counts of the duplicates differ'],
    [Math.abs(wire.missing - counts.missing), 'is how far two counts of the missing differ'],
  ]
  const held = { report, simulator, wire: { ...wire, duplicates: 0, missing: 0 } }
  return {
    ...counts,
    faults: [...checks.filter(([found]) => found > 0).map(check => check.join(' ')), ...brokenPromises(held)],
  }
}

const isRefused = (fate: Fate['kind']) => fate === 'rejected' || fate === 'failed'
