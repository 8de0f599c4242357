import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFeedbackHandler } from '../../functions/feedback/record-feedback.ts'
import type { Fact } from '../../functions/ledger/delivery.ts'
import { fateOf, tallyOf } from '../../functions/ledger/fate.ts'
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
  const doneBatch = async () => {
    const claim = { noticeId, run: 1, batch: 0, size: 2, owner: 'me', nowMs: 0, leaseMs: 1, settleDelayMs: 1 }
    await ledger.claim(claim)
    await ledger.putFacts(
      ['key-a', 'key-b'].map((recipientKey): Fact => {
        const outcome = { kind: 'accepted', messageId: `m-${recipientKey}` } as const
        return { fact: 'outcome', noticeId, batch: 0, recipientKey, atMs: 1, attempt: 1, outcome }
      }),
    )
    const progress = { tally: { ...emptyTally, accepted: 2 }, firstAcceptedAtMs: 1, lastAcceptedAtMs: 1, throttles: 0 }
    await ledger.finish({ noticeId, batch: 0, owner: 'me' }, progress, 0)
    await notices.addToTally(noticeId, progress.tally, 1, 1)
  }
  return { notices, ledger, logged, handle, doneBatch }
}

const about = (recipient: string) => ({ notice: noticeId, batch: '0', recipient })

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

describe('The fate of a recipient', () => {
  const base = { noticeId, batch: 0, recipientKey: 'k', atMs: 1 }
  const send: Fact = { ...base, fact: 'send', messageId: 'm' }
  const doubt: Fact = { ...base, fact: 'outcome', attempt: 1, outcome: { kind: 'inDoubt', reason: 'TimeoutError' } }
  const suppressed: Fact = { ...base, fact: 'bounce', messageId: 'm', detail: 'Permanent/OnAccountSuppressionList' }
  const bounce: Fact = { ...base, fact: 'bounce', messageId: 'm', detail: 'Permanent/General' }

  it('is pending without a fact, and accepted once SES says that it sent', () => {
    expect(fateOf([])).toEqual({ kind: 'pending' })
    expect(fateOf([doubt])).toMatchObject({ kind: 'inDoubt' })
    expect(fateOf([doubt, send])).toEqual({ kind: 'accepted', messageId: 'm' })
    expect(fateOf([bounce])).toMatchObject({ kind: 'accepted' })
  })

  it('does not depend on the order of the facts', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([send, doubt, suppressed, bounce]), facts => {
        expect(fateOf(facts)).toEqual(fateOf([...facts].reverse()))
      }),
    )
  })

  it('counts every recipient once', () => {
    expect(tallyOf([send, doubt, suppressed])).toEqual({ ...emptyTally, suppressed: 1 })
  })
})
