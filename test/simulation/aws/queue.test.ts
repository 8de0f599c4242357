import { describe, expect, it } from 'vitest'
import { sqsBatchQueue } from '../../../functions/batch-queue/sqs-batch-queue.ts'
import { smallWorld } from './small-world.ts'

const pointers = Array.from({ length: 25 }, (_, batch) => ({ noticeId: 'n', batch, run: 1 }))

describe('The simulated queue', () => {
  it('brings every pointer at least once, those of failed entries at the second try', async () => {
    let failures = 3
    const { clients, clock, queue, queueUrl } = smallWorld('seed', { sqs: { failsEntry: () => failures-- > 0 } })
    await sqsBatchQueue(clients.sqs, { main: queueUrl, lanes: queueUrl }, clock).send(pointers)
    const batches = queue.receive(100).map(({ body }) => JSON.parse(body).batch)
    expect(batches.toSorted((a, b) => a - b)).toEqual(pointers.map(({ batch }) => batch))
    expect(batches).not.toEqual(pointers.map(({ batch }) => batch))
  })

  it('keeps a message back for its delay', async () => {
    const { clients, clock, queue, queueUrl } = smallWorld()
    await sqsBatchQueue(clients.sqs, { main: queueUrl, lanes: queueUrl }, clock).send(pointers.slice(0, 1), 60)
    expect(queue.receive(10)).toEqual([])
    expect(queue.nextVisibleAtMs()).toBe(clock.now() + 60_000)
    clock.nowMs += 60_000
    expect(queue.receive(10)).toHaveLength(1)
  })

  it('gives a message again after the visibility time-out, and takes only the latest receipt for it', () => {
    const { clock, queue } = smallWorld()
    queue.send('body')
    const [first] = queue.receive(10)
    expect(queue.receive(10)).toEqual([])
    clock.nowMs += 30_000
    const [second] = queue.receive(10)
    expect([first?.receiveCount, second?.receiveCount]).toEqual([1, 2])
    expect(queue.delete(first?.receiptHandle ?? '')).toBe(false)
    expect(queue.changeVisibility(second?.receiptHandle ?? '', 0)).toBe(true)
    const [third] = queue.receive(10)
    expect(queue.delete(third?.receiptHandle ?? '')).toBe(true)
    expect(queue.messages()).toEqual([])
    expect(queue.nextVisibleAtMs()).toBeUndefined()
  })

  it('puts a message aside that was received five times in vain', () => {
    const { clock, queue, deadLetters } = smallWorld()
    queue.send('body')
    for (let receives = 1; receives <= 5; receives++) {
      expect(queue.receive(10)).toMatchObject([{ receiveCount: receives }])
      clock.nowMs += 30_000
    }
    expect(queue.receive(10)).toEqual([])
    expect(queue.messages()).toEqual([])
    expect(deadLetters.receive(10)).toMatchObject([{ body: 'body', receiveCount: 1 }])
  })

  it('doubles, delays and loses what it is told to', () => {
    const fates = [[0, 500], [900], []]
    const visibleAtMs: number[] = []
    const { clock, queue } = smallWorld('seed', {
      queue: { copies: () => fates.shift() ?? [0], onVisible: atMs => visibleAtMs.push(atMs) },
    })
    const startMs = clock.now()
    const [doubled, delayed, lost] = ['doubled', 'delayed', 'lost'].map(body => queue.send(body))
    expect(visibleAtMs).toEqual([startMs, startMs + 500, startMs + 900])
    expect(queue.receive(10).map(({ messageId }) => messageId)).toEqual([doubled])
    clock.nowMs += 900
    expect(new Set(queue.receive(10).map(({ messageId }) => messageId))).toEqual(new Set([doubled, delayed]))
    expect(queue.messages().map(({ messageId }) => messageId)).not.toContain(lost)
  })

  it('receives in an order that the seed decides', () => {
    const order = (seed: string) => {
      const { queue } = smallWorld(seed)
      for (const { batch } of pointers) queue.send(String(batch))
      return queue.receive(100).map(({ body }) => body)
    }
    expect(order('a')).toEqual(order('a'))
    expect(order('a')).not.toEqual(order('b'))
  })
})
