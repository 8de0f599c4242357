import { describe, expect, it } from 'vitest'
import { settled } from '../../functions/ledger/counts.ts'
import { readyAudience } from '../memory/sample-notice.ts'
import { patient, people, sendEverything, senderWorld } from './sender-world.ts'

describe('As approved: the sender', () => {
  it.each([
    ['content', { contentDigest: 'another' }],
    ['audience', { audience: readyAudience({ digest: 'another' }) }],
  ])('sends nothing of a notice whose %s is not what was approved', async (_, changed) => {
    const world = await senderWorld({
      notices: notices => ({
        ...notices,
        read: async noticeId => {
          const notice = await notices.read(noticeId)
          return notice && { ...notice, ...changed }
        },
      }),
    })
    const sent = world.sender()({ noticeId: world.noticeId, run: 1, batch: 0 }, patient)
    await expect(world.clock.drive(sent)).rejects.toMatchObject({ code: 'not-as-approved' })
    expect(world.calls).toEqual([])
  })
})

describe('The sender and the leak guard', () => {
  it('stops the notice when a message would show another address, and lets nothing of that batch leave', async () => {
    const crossed = people(100).map((person, index) =>
      index === 42 ? { ...person, variables: { name: 'Customer 7 <customer-7@example.com>' } } : person,
    )
    const world = await senderWorld({ recipients: crossed })
    await sendEverything(world)
    expect(world.calls).toEqual([])
    const notice = await world.read()
    expect(notice).toMatchObject({ state: 'stopped', stopReason: { kind: 'leak-guard', rule: 'foreign-address' } })
    expect(world.counted.get('LeakGuardRejections')).toBe(1)
    const row = await world.ledger.readBatch(world.noticeId, 0)
    expect(row?.tally).toMatchObject({ rejected: 1, accepted: 0 })
    expect(row && settled(row.tally)).toBe(1)
  })

  it('writes no address into facts, logs or pointers', async () => {
    const world = await senderWorld({
      recipients: people(100),
      answer: (_, index) =>
        index % 3 === 0 ? { kind: 'in-doubt', reason: 'TimeoutError' } : { kind: 'accepted', messageId: `m-${index}` },
    })
    await world.clock.drive(world.sender()({ noticeId: world.noticeId, run: 1, batch: 0 }, patient))
    const written = JSON.stringify([
      await world.facts(),
      world.logged,
      world.queue.drain(),
      await world.ledger.readBatch(world.noticeId, 0),
    ])
    expect(written).toContain('m-1')
    expect(written).not.toContain('customer-')
  })
})
