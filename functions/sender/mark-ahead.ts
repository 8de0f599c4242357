import type { Lease } from './lease.ts'
import { RECIPIENTS_PER_MARK } from './ports.ts'

/** Keeps the marks of a claim a little ahead of its calls. */
export interface Marks {
  /**
   * Ends when it is written down that a call may begin for the recipient at this position. Begins to write down the same for
   * `soon`, whose slot is near, without waiting for it.
   */
  before(position: number, soon: number | undefined): Promise<void>
}

/**
 * Writes down group by group for whom calls may begin, each group while the slots of the one before are used: a sender that
 * dies leaves a group or two in doubt, not a window. A recipient belongs to the same group from the first window to the last,
 * so slots that pass unused write down nobody else. `positions` are those of all messages of the claim.
 */
export function markAhead(lease: Pick<Lease, 'begin'>, positions: readonly number[]): Marks {
  const end = Math.max(...positions) + 1
  const marks: Promise<void>[] = []

  function mark(position: number): Promise<void> {
    const group = Math.floor(position / RECIPIENTS_PER_MARK)
    const known = marks[group]
    if (known !== undefined) return known
    const marked = lease.begin(Math.min(end, (group + 1) * RECIPIENTS_PER_MARK))
    // Whoever waits for the mark hears of its failure; nobody may, if sending ends before.
    marked.catch(() => {})
    marks[group] = marked
    return marked
  }

  return {
    before: (position, soon) => {
      const marked = mark(position)
      if (soon !== undefined) mark(soon)
      return marked
    },
  }
}
