import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFeedbackHandler } from '../../functions/feedback/record-feedback.ts'
import { emptyEffort } from '../../functions/ledger/batch.ts'
import { countsOf, emptyCounts } from '../../functions/ledger/counts.ts'
import type { Fact, Outcome } from '../../functions/ledger/delivery.ts'
import { emptyTally } from '../../functions/notice/notice.ts'
import { memoryLedgerStore } from '../memory/memory-ledger-store.ts'
import { memoryNoticeStore } from '../memory/memory-notice-store.ts'
import { draftNotice } from '../memory/sample-notice.ts'
import { virtualClock } from '../memory/virtual-clock.ts'
import { sesEvent, sqsEvent } from './events.ts'

const noticeId = draftNotice().noticeId

async function world() {
  const notices = memoryNoticeStore()
  const ledger = memoryLedgerStore()
  await notices.create(draftNotice())
  const logged: string[] = []
  const log = (...said: unknown[]) => logged.push(JSON.stringify(said))
  const handle = createFeedbackHandler({
    notices,
    ledger,
    clock: virtualClock(),
    log: { info: log, warn: log, error: log },
    metrics: { count: () => {}, flush: () => {} },
  })
  const doneBatch = async (outcome: Outcome = { kind: 'accepted', messageId: 'message-1' }) => {
    const claim = { noticeId, run: 1, retryRun: undefined, batch: 0, size: 2, owner: 'me', nowMs: 0 }
    await ledger.claim({ ...claim, leaseMs: 1, settleDelayMs: 1 })
    await ledger.putFacts(
      ['key-a', 'key-b'].map((recipientKey): Fact => {
        return { fact: 'outcome', noticeId, batch: 0, recipientKey, atMs: 1, attempt: 1, outcome }
      }),
    )
    const counts = { ...emptyCounts, tally: { ...emptyTally, [outcome.kind]: 2 } }
    const progress = { ...counts, ...emptyEffort }
    await ledger.finish({ noticeId, batch: 0, owner: 'me' }, progress, 0)
    await notices.addToTally(noticeId, progress.tally, 1, 1)
  }
  return { notices, ledger, logged, handle, doneBatch }
}

const about = (recipient: string) => ({ notice: noticeId, batch: '0', attempt: '1', recipient })

describe('Feedback', () => {
  it('turns each SES event into a fact about its delivery', async () => {
    const { handle, ledger } = await world()
    const types = ['Send', 'Delivery', 'DeliveryDelay', 'Bounce', 'Complaint', 'Reject'] as const
    await handle(sqsEvent(types.map(type => sesEvent(type, about('key-a')))))
    const facts = await ledger.readFacts(noticeId, 0)
    expect(facts.map(({ fact }) => fact).sort()).toEqual(['bounce', 'complaint', 'delay', 'delivery', 'reject', 'send'])
  })

  it('gives the same facts for events that come twice, in any order', async () => {
    const types = ['Send', 'Delivery', 'Bounce', 'Complaint'] as const
    const events = types.flatMap(type => ['key-a', 'key-b'].map(key => sesEvent(type, about(key))))
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
        async shuffled => {
          const { handle, ledger } = await world()
          for (const event of shuffled) await handle(sqsEvent([event]))
          expect(await ledger.readFacts(noticeId, 0)).toHaveLength(events.length)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('recounts a done batch when SES suppressed one of its messages', async () => {
    const { handle, ledger, notices, doneBatch } = await world()
    await doneBatch()
    const suppressed = sesEvent('Bounce', about('key-b'), { bounceSubType: 'OnAccountSuppressionList' })
    await handle(sqsEvent([suppressed]))
    await handle(sqsEvent([suppressed]))
    const expected = { ...emptyTally, accepted: 1, suppressed: 1 }
    expect((await ledger.readBatch(noticeId, 0))?.tally).toEqual(expected)
    expect((await notices.read(noticeId))?.tally).toEqual(expected)
  })

  it('settles a doubt also after the batch is done, and tells the notice', async () => {
    const { handle, ledger, notices, doneBatch } = await world()
    await doneBatch({ kind: 'inDoubt', reason: 'no answer came' })
    await handle(sqsEvent([sesEvent('Send', about('key-a')), sesEvent('Send', about('key-a'))]))
    const expected = { ...emptyTally, accepted: 1, inDoubt: 1 }
    expect((await ledger.readBatch(noticeId, 0))?.tally).toEqual(expected)
    expect((await notices.read(noticeId))?.tally).toEqual(expected)
  })

  it('counts bounces and complaints of a done batch, and who may be retried', async () => {
    const { handle, ledger, doneBatch } = await world()
    await doneBatch()
    await handle(sqsEvent([sesEvent('Bounce', about('key-a')), sesEvent('Complaint', about('key-b'))]))
    expect(await ledger.readBatch(noticeId, 0)).toMatchObject({ bounced: 1, complained: 1, retryable: 0 })
  })

  it('counts an automatic answer as delivered, whichever event comes first', async () => {
    for (const order of [
      ['Delivery', 'Bounce'],
      ['Bounce', 'Delivery'],
    ] as const) {
      const { handle, ledger, doneBatch } = await world()
      await doneBatch()
      for (const type of order) {
        const details = { bounceType: 'Transient', bounceSubType: 'General' }
        await handle(sqsEvent([sesEvent(type, about('key-a'), details)]))
      }
      expect(await ledger.readBatch(noticeId, 0)).toMatchObject({ bounced: 0, retryable: 0 })
    }
  })

  it('counts a late event of an earlier attempt also where nobody is in doubt any more', async () => {
    const { handle, ledger } = await world()
    const lease = { noticeId, run: 1, retryRun: undefined, batch: 0, size: 1, leaseMs: 1, settleDelayMs: 1 }
    await ledger.claim({ ...lease, owner: 'first', nowMs: 0 })
    await ledger.claim({ ...lease, owner: 'second', nowMs: 10 })
    const about1 = { noticeId, batch: 0, recipientKey: 'key-a', atMs: 1 }
    const outcome = { kind: 'inDoubt', reason: 'no answer came' } as const
    const detail = 'Permanent/OnAccountSuppressionList'
    await ledger.putFacts([
      { ...about1, fact: 'outcome', attempt: 1, outcome },
      { ...about1, fact: 'bounce', attempt: 2, messageId: 'message-2', detail },
    ])
    const counts = countsOf(await ledger.readFacts(noticeId, 0))
    expect(counts.tally).toEqual({ ...emptyTally, suppressed: 1 })
    const progress = { ...counts, ...emptyEffort }
    await ledger.finish({ noticeId, batch: 0, owner: 'second' }, progress, 1)
    await handle(sqsEvent([sesEvent('Send', about('key-a'))]))
    expect((await ledger.readBatch(noticeId, 0))?.tally).toEqual({ ...emptyTally, accepted: 1 })
  })

  it('leaves events of other mail alone', async () => {
    const { handle, ledger } = await world()
    expect(await handle(sqsEvent([sesEvent('Send', { other: 'x' }), sesEvent('Open', about('key-a'))]))).toEqual({
      batchItemFailures: [],
    })
    expect(await ledger.readFacts(noticeId, 0)).toEqual([])
  })

  it('sends what it cannot read to the dead-letter queue, and keeps the rest', async () => {
    const { handle, ledger } = await world()
    const event = sqsEvent(['not json', '{"eventType":1}', sesEvent('Send', about('key-a'))])
    expect(await handle(event)).toEqual({ batchItemFailures: [{ itemIdentifier: 'id-0' }, { itemIdentifier: 'id-1' }] })
    expect(await ledger.readFacts(noticeId, 0)).toHaveLength(1)
  })

  it('keeps the customer out of facts and logs', async () => {
    const { handle, ledger, logged } = await world()
    await handle(sqsEvent(['Send', 'Bounce', 'Complaint', 'Open'].map(type => sesEvent(type, about('key-a')))))
    expect(JSON.stringify([await ledger.readFacts(noticeId, 0), logged])).not.toContain('jane@example.com')
  })
})
