import { expect, it } from 'vitest'
import type { LedgerStore } from '../../functions/ledger/ledger-store.ts'
import { keepLease } from '../../functions/sender/lease.ts'
import { memoryLedgerStore } from '../memory/memory-ledger-store.ts'

function leaseOver(renew: LedgerStore['renew']) {
  const clock = { now: () => 1_000, sleep: async () => {} }
  const holder = { noticeId: 'n', batch: 0, owner: 'me' }
  return keepLease({ ledger: { ...memoryLedgerStore(), renew }, clock }, holder, { claimedAtMs: 0, settleDelayMs: 1 })
}

it('A mark that a later one covers holds only once the later one is written', async () => {
  const { promise: written, resolve: write } = Promise.withResolvers<void>()
  const lease = leaseOver(async () => {
    await written
    return { kind: 'changed' }
  })
  const order: string[] = []
  const marks = [50, 25].map(position => lease.begin(position).then(() => order.push(`may send before ${position}`)))
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  order.push('written')
  write()
  await Promise.all(marks)
  expect(order[0]).toBe('written')
})

it('A mark that could not be written holds for nobody', async () => {
  const lease = leaseOver(() => Promise.reject(new Error('The table does not answer')))
  await expect(lease.begin(50)).rejects.toThrow('does not answer')
  await expect(lease.begin(25)).rejects.toThrow('does not answer')
})
