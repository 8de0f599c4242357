import { costParts, costsOf } from '../../functions/cost/estimate.ts'
import type { Usage } from '../../functions/cost/usage.ts'

export interface Difference {
  readonly what: string
  readonly written: string
  readonly now: string
}

/** A small notice carries more of what comes once, so it may cost somewhat more. */
const TOLERANCE = 0.25
/** Of SES's price of one message: what is less is not worth a warning. */
const LEAST = 0.0005 * 0.0001

/** Which parts of the cost of a recipient are no longer what was written. */
export function differences(written: Usage, now: Usage): readonly Difference[] {
  const [before, after] = [costsOf(written), costsOf(now)]
  return costParts
    .filter(part => Math.abs(after[part] - before[part]) > Math.max(LEAST, TOLERANCE * before[part]))
    .map(part => ({ what: part, written: perMillion(before[part]), now: perMillion(after[part]) }))
}

const perMillion = (each: number) => `$${(each * 1e6).toFixed(2)} a million`
