import { expect, test } from 'vitest'
import { writeStatus } from '../../cli/status-text.ts'
import { plain } from '../../cli/terminal.ts'

const standing = {
  ...({ noticeId: 'n-1', name: 'Index change', state: 'sending', run: 1 } as const),
  ...{ planned: 150, accepted: 90, rejected: 0, failed: 0, suppressed: 0, inDoubt: 0, pending: 60 },
  batches: { planned: 2, done: 0 },
  ratePerSecond: 0.1,
  secondsLeft: 600,
}

test('a notice that stands still says since when, why and what to do, and promises no end', () => {
  expect(writeStatus(standing, plain)).toMatch(/Left +about/)
  const stall = { since: '2026-11-20T12:00:00.000Z', wrong: 'The quota is used up.', remedy: 'Wait.' }
  const text = writeStatus({ ...standing, stall }, plain)
  expect(text).toMatch(/No progress +since 2026-11-20 12:00:00.000 UTC. The quota is used up. Wait.$/)
  expect(text).not.toContain('Left')
})
