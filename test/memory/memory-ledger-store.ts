import type { BatchRow } from '../../functions/ledger/batch.ts'
import { type Fact, latestTellings } from '../../functions/ledger/delivery.ts'
import { claimability, claimedRow } from '../../functions/ledger/lease.ts'
import type { BatchChange, LeaseHolder, LedgerStore } from '../../functions/ledger/ledger-store.ts'

/** Batches and facts in memory, under the same contract suite as the tables. */
export function memoryLedgerStore(): LedgerStore {
  const rows = new Map<string, BatchRow>()
  const facts = new Map<string, Fact[]>()
  const id = (noticeId: string, batch: number) => `${noticeId}#${String(batch).padStart(8, '0')}`

  function held({ noticeId, batch, owner }: LeaseHolder): BatchRow | undefined {
    const row = rows.get(id(noticeId, batch))
    return row?.owner === owner && row.state === 'leased' ? row : undefined
  }

  /** A repeated call finds its own work done. */
  function reached({ noticeId, batch, owner }: LeaseHolder, state: BatchRow['state']): BatchChange {
    const row = rows.get(id(noticeId, batch))
    return { kind: row?.owner === owner && row.state === state ? 'changed' : 'lost' }
  }

  function put(row: BatchRow) {
    rows.set(id(row.noticeId, row.batch), row)
    return { kind: 'changed' } as const
  }

  return {
    claim: async claim => {
      const previous = rows.get(id(claim.noticeId, claim.batch))
      if (previous?.owner === claim.owner) return { kind: 'claimed', row: previous, previous: undefined }
      const found = claimability(previous, claim)
      if (found.kind !== 'claimable') return found
      const row = claimedRow(claim, previous)
      put(row)
      return { kind: 'claimed', row, previous }
    },
    renew: async (holder, renewal) => {
      const row = held(holder)
      return row === undefined ? { kind: 'lost' } : put({ ...row, ...renewal, vanished: [] })
    },
    finish: async (holder, progress, feedbackVersion) => {
      const row = held(holder)
      if (row === undefined) return reached(holder, 'done')
      if (row.feedbackVersion !== feedbackVersion) return { kind: 'feedback', row }
      return put({ ...row, ...progress, vanished: [], state: 'done', claimableAtMs: 0 })
    },
    release: async (holder, progress, claimableAtMs) => {
      const row = held(holder)
      return row === undefined
        ? reached(holder, 'open')
        : put({ ...row, ...progress, vanished: [], state: 'open', claimableAtMs })
    },
    readBatch: async (noticeId, batch) => rows.get(id(noticeId, batch)),
    readBatches: async function* (noticeId, { first, last } = { first: 0, last: Number.POSITIVE_INFINITY }) {
      for (const row of [...rows.values()].sort((a, b) => a.batch - b.batch)) {
        if (row.noticeId === noticeId && row.batch >= first && row.batch <= last) yield row
      }
    },
    putFacts: async added => {
      for (const fact of added) {
        const batch = id(fact.noticeId, fact.batch)
        const known = facts.get(batch)
        if (known === undefined) facts.set(batch, [fact])
        else known.push(fact)
      }
    },
    readFacts: async (noticeId, batch) => latestTellings(facts.get(id(noticeId, batch)) ?? []),
    announceFeedback: async (noticeId, batch) => {
      const row = rows.get(id(noticeId, batch))
      if (row === undefined) return undefined
      const announced = { ...row, feedbackVersion: row.feedbackVersion + 1 }
      put(announced)
      return announced
    },
    recount: async (noticeId, batch, counts, feedbackVersion) => {
      const row = rows.get(id(noticeId, batch))
      if (row === undefined) return { kind: 'lost' }
      if (row.state !== 'done' || row.feedbackVersion !== feedbackVersion) return { kind: 'feedback', row }
      return put({ ...row, ...counts })
    },
  }
}
