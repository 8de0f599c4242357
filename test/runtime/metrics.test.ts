import { afterEach, expect, it, vi } from 'vitest'
import { createMetrics } from '../../functions/runtime/metrics.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

it('Metrics say what they count: times in milliseconds, everything else in numbers', () => {
  const lines: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation(line => {
    lines.push(String(line))
    return true
  })
  const metrics = createMetrics('sender')
  metrics.count('Accepted', 3)
  metrics.count('SenderIdle', 1_200)
  metrics.count('SenderHeld', 4_500)
  metrics.count('Failed', 0)
  metrics.flush()
  const emitted = lines.map(line => JSON.parse(line))
  const units = emitted.flatMap(({ _aws }) => _aws.CloudWatchMetrics[0].Metrics)
  expect(units).toEqual([
    { Name: 'Accepted', Unit: 'Count' },
    { Name: 'SenderIdle', Unit: 'Milliseconds' },
    { Name: 'SenderHeld', Unit: 'Milliseconds' },
  ])
  expect(emitted).toMatchObject([{ Accepted: 3, SenderIdle: 1_200, SenderHeld: 4_500, service: 'sender' }])
})
