import type { Lease } from './lease.ts'
import { MARK_LEAD_MS, RECIPIENTS_PER_MARK } from './ports.ts'

/** Keeps the marks of a window a little ahead of its slots. */
export interface Marks {
  /** Ends when it is written down that a call may begin in this slot. */
  before(slot: number): Promise<void>
}

/**
 * Writes down group by group for whom calls may begin, each group while the slots of the one before are used: a sender that
 * dies leaves a group or two in doubt, not a window. `positions` are those of the messages, in the order of the slots.
 */
export function markAhead(lease: Pick<Lease, 'begin'>, positions: readonly number[], intervalUs: number): Marks {
  const leadSlots = Math.min(RECIPIENTS_PER_MARK, Math.ceil((MARK_LEAD_MS * 1000) / intervalUs))
  const marks: Promise<void>[] = []

  function mark(group: number): Promise<void> {
    const upTo = positions.slice(0, (group + 1) * RECIPIENTS_PER_MARK)
    const marked = lease.begin(Math.max(...upTo) + 1)
    // Whoever waits for the mark hears of its failure; nobody may, if sending ends before.
    marked.catch(() => {})
    marks[group] = marked
    return marked
  }

  return {
    before: async slot => {
      const group = Math.floor(slot / RECIPIENTS_PER_MARK)
      const ahead = Math.floor((slot + leadSlots) / RECIPIENTS_PER_MARK)
      const marked = marks[group] ?? mark(group)
      if (marks[ahead] === undefined && ahead * RECIPIENTS_PER_MARK < positions.length) mark(ahead)
      return marked
    },
  }
}
