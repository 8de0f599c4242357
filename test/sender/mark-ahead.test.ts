import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markAhead } from '../../functions/sender/mark-ahead.ts'
import { RECIPIENTS_PER_MARK } from '../../functions/sender/ports.ts'

/** A lease that notes what is marked, and answers at once. */
function noted() {
  const marks: number[] = []
  return { marks, begin: async (position: number) => void marks.push(position) }
}

describe('Marks ahead of the slots of a window', () => {
  const windows = fc.record({
    size: fc.integer({ min: 1, max: 120 }),
    intervalUs: fc.integer({ min: 200, max: 1_000_000 }),
  })

  it('cover every slot before it is used, and never the whole of a long window at once', async () => {
    await fc.assert(
      fc.asyncProperty(windows, async ({ size, intervalUs }) => {
        const lease = noted()
        const positions = Array.from({ length: size }, (_, index) => index)
        const marks = markAhead(lease, positions, intervalUs)
        for (let slot = 0; slot < size; slot++) {
          await marks.before(slot)
          const begun = Math.max(...lease.marks)
          expect(begun).toBeGreaterThan(slot)
          expect(begun - slot).toBeLessThanOrEqual(2 * RECIPIENTS_PER_MARK)
        }
        expect(lease.marks).toHaveLength(Math.ceil(size / RECIPIENTS_PER_MARK))
      }),
    )
  })

  it('tell of a failure only to whoever waits for it', async () => {
    const broken = new Error('The table does not answer')
    const marks = markAhead({ begin: () => Promise.reject(broken) }, [0, 1, 2], 1_000)
    await expect(marks.before(0)).rejects.toBe(broken)
  })

  it('cover messages that were throttled and wait among fresh ones', async () => {
    const lease = noted()
    await markAhead(lease, [40, 41, 7], 100_000).before(0)
    expect(lease.marks).toEqual([42])
  })
})
