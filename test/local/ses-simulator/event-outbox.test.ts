import { expect, test, vi } from 'vitest'
import type { Clock } from '../../../functions/runtime/clock.ts'
import { EventOutbox, type OutgoingEvent } from '../../../local/ses-simulator/events/event-outbox.ts'

/** Time that passes as soon as somebody waits for it. */
const impatientClock: Clock = { now: () => 0, sleep: () => Promise.resolve() }

const manyEvents = (count: number): OutgoingEvent[] =>
  Array.from({ length: count }, (_, index) => ({ configurationSet: 'notices', eventType: 'Send', body: `${index}` }))

async function publishAll(count: number, publish: (events: readonly OutgoingEvent[]) => Promise<void>) {
  const counts = { eventsPublished: 0, eventsLost: 0 }
  const outbox = new EventOutbox(publish, impatientClock, () => counts)
  for (const event of manyEvents(count)) outbox.schedule(event, 1)
  await outbox.drain()
  return counts
}

test('every event goes out once, at most ten at a time and several groups in flight', async () => {
  const published: string[] = []
  let inFlight = 0
  let inFlightMax = 0
  const counts = await publishAll(1_005, async events => {
    expect(events.length).toBeLessThanOrEqual(10)
    inFlight += 1
    inFlightMax = Math.max(inFlightMax, inFlight)
    await new Promise(resolve => setImmediate(resolve))
    inFlight -= 1
    published.push(...events.map(({ body }) => body))
  })
  expect(published.toSorted()).toEqual(
    manyEvents(1_005)
      .map(({ body }) => body)
      .toSorted(),
  )
  expect(counts).toEqual({ eventsPublished: 1_005, eventsLost: 0 })
  expect(inFlightMax).toBe(8)
})

test('a group that fails is published again', async () => {
  let calls = 0
  const counts = await publishAll(10, async () => {
    calls += 1
    if (calls < 5) throw new Error('down')
  })
  expect(counts).toEqual({ eventsPublished: 10, eventsLost: 0 })
})

test('what cannot be published is counted and logged, without its content', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {})
  const counts = await publishAll(25, () => Promise.reject(new Error('down')))
  expect(counts).toEqual({ eventsPublished: 0, eventsLost: 25 })
  expect(log.mock.calls.flat().join()).toContain('10 event(s) lost (Error: down)')
  log.mockRestore()
})
