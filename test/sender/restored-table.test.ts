import { expect, it } from 'vitest'
import type { Fact } from '../../functions/ledger/delivery.ts'
import { people, sendEverything, senderWorld } from './sender-world.ts'

it('Nobody is sent to again of whom a fact is known, although the row of the batch is missing from a restored table', async () => {
  const recipients = people(250)
  const world = await senderWorld({ recipients })
  const known = recipients.slice(0, 140)
  await world.ledger.putFacts(
    known.map(
      ({ key }, position): Fact => ({
        ...{ noticeId: world.noticeId, batch: Math.floor(position / 100), recipientKey: key, attempt: 1, atMs: 1_000 },
        ...{ fact: 'send', messageId: `before-${position}` },
      }),
    ),
  )
  await sendEverything(world)
  expect(world.calls.map(({ to }) => to).toSorted()).toEqual(
    recipients
      .slice(140)
      .map(({ address }) => address)
      .toSorted(),
  )
  expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 250 } })
})
