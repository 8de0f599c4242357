import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { PendingMessages } from '../../../local/runtime/sqs-batches.ts'
import { handledMessages } from '../../../local/runtime/sqs-records.ts'

const messages = fc
  .uniqueArray(fc.uuid(), { maxLength: 30 })
  .map(ids => ids.map(id => ({ MessageId: id, ReceiptHandle: `handle-${id}`, Body: 'body' })))

test('an answer keeps exactly the messages that it names', () => {
  fc.assert(
    fc.property(messages, fc.infiniteStream(fc.boolean()), (batch, fails) => {
      const failed = batch.filter(() => fails.next().value)
      const answer = { batchItemFailures: failed.map(({ MessageId }) => ({ itemIdentifier: MessageId })) }
      const handled = handledMessages(batch, JSON.stringify(answer), true)
      expect([...handled, ...failed].toSorted(byId)).toEqual(batch.toSorted(byId))
    }),
  )
})

test.each([
  ['a message that is not in the batch', '{"batchItemFailures":[{"itemIdentifier":"unknown"}]}'],
  ['an empty identifier', '{"batchItemFailures":[{"itemIdentifier":""}]}'],
  ['a failure without an identifier', '{"batchItemFailures":[{}]}'],
  ['text where a list belongs', '{"batchItemFailures":"none"}'],
])('an answer with %s keeps the whole batch', (_, answer) => {
  expect(handledMessages([{ MessageId: 'a' }], answer, true)).toEqual([])
})

test.each(['null', '{}', '{"batchItemFailures":[]}', '{"batchItemFailures":null}'])(
  'the answer %s is a full success',
  answer => {
    const batch = [{ MessageId: 'a' }]
    expect(handledMessages(batch, answer, true)).toEqual(batch)
  },
)

test('every message leaves once, in order, in batches that are full or due', () => {
  fc.assert(
    fc.property(messages, fc.integer({ min: 1, max: 12 }), (received, batchSize) => {
      const pending = new PendingMessages({ batchSize, batchingWindowMs: 1_000 })
      pending.add(received, 0)
      const batches: (readonly unknown[])[] = []
      for (let batch = pending.take(999); batch; batch = pending.take(999)) batches.push(batch)
      expect(batches.every(batch => batch.length === batchSize)).toBe(true)
      expect(pending.count).toBe(received.length % batchSize)
      const last = pending.take(1_000)
      expect([...batches.flat(), ...(last ?? [])]).toEqual(received)
      expect(pending.take(5_000)).toBeUndefined()
    }),
  )
})

test('a batch stays within what Lambda carries', () => {
  const pending = new PendingMessages({ batchSize: 100, batchingWindowMs: 60_000 })
  pending.add(
    Array.from({ length: 8 }, () => ({ Body: 'x'.repeat(1_000_000) })),
    0,
  )
  expect(pending.take(0)).toHaveLength(5)
  expect(pending.take(0)).toBeUndefined()
  expect(pending.take(60_000)).toHaveLength(3)
})

function byId(a: { MessageId?: string | undefined }, b: { MessageId?: string | undefined }): number {
  return (a.MessageId ?? '').localeCompare(b.MessageId ?? '')
}
