import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markAhead } from '../../functions/sender/mark-ahead.ts'
import { RECIPIENTS_PER_MARK } from '../../functions/sender/ports.ts'

/** A lease that notes what is marked, and answers at once. */
function noted() {
  const marks: number[] = []
  return { marks, begin: async (position: number) => void marks.push(position) }
}

describe('Marks ahead of the calls of a claim', () => {
  /** Of a batch some of whose recipients have a fate already. */
  const claims = fc.record({
    positions: fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 100 }).map(all => all.sort((a, b) => a - b)),
    lead: fc.integer({ min: 1, max: RECIPIENTS_PER_MARK }),
    /** How many slots pass unused before each call. */
    lost: fc.array(fc.nat(40), { maxLength: 100 }),
  })

  it('cover every call before it begins, and never more than two groups of those that are left, however many slots pass', async () => {
    await fc.assert(
      fc.asyncProperty(claims, async ({ positions, lead, lost }) => {
        const lease = noted()
        const marks = markAhead(lease, positions)
        for (const [index, position] of positions.entries()) {
          for (let slot = 0; slot <= (lost[index] ?? 0); slot++) await marks.before(position, positions[index + lead])
          const begun = Math.max(...lease.marks)
          expect(begun).toBeGreaterThan(position)
          const marked = positions.slice(index).filter(later => later < begun)
          expect(marked.length).toBeLessThanOrEqual(2 * RECIPIENTS_PER_MARK)
        }
        expect(lease.marks.length).toBeLessThanOrEqual(4)
        expect(Math.max(...lease.marks)).toBe((positions.at(-1) ?? 0) + 1)
      }),
    )
  })

  it('begin with the next group while the slots of the one before are used, and keep nobody waiting for it', async () => {
    const begun: number[] = []
    const positions = Array.from({ length: 60 }, (_, index) => index)
    const marks = markAhead(
      {
        begin: async position => {
          begun.push(position)
          if (position > 25) await new Promise(() => {})
        },
      },
      positions,
    )
    await marks.before(5, 30)
    expect(begun).toEqual([25, 50])
  })

  it('tell of a failure only to whoever waits for it', async () => {
    const broken = new Error('The table does not answer')
    const positions = Array.from({ length: 30 }, (_, index) => index)
    const marks = markAhead(
      { begin: position => (position > 25 ? Promise.reject(broken) : Promise.resolve()) },
      positions,
    )
    await marks.before(0, 25)
    await expect(marks.before(25, undefined)).rejects.toBe(broken)
  })

  it('are written once for a group, also for a message that was throttled and comes again', async () => {
    const lease = noted()
    const marks = markAhead(lease, [7, 40, 41])
    for (const position of [7, 40, 41, 7]) await marks.before(position, undefined)
    expect(lease.marks).toEqual([25, 42])
  })
})
