import * as z from 'zod'
import { type BatchRow, batchRowSchema } from '../../../functions/ledger/batch.ts'
import { type Fact, factSchema, latestTellings } from '../../../functions/ledger/delivery.ts'
import { type Notice, noticeSchema } from '../../../functions/notice/notice.ts'

/** The tables of a moment, read as they lie there. */
export interface Tables {
  readonly notices: readonly Readonly<Record<string, unknown>>[]
  readonly deliveries: readonly Readonly<Record<string, unknown>>[]
}

export interface NoticeInTables {
  readonly notice: Notice
  readonly rows: readonly BatchRow[]
  readonly factsByBatch: ReadonlyMap<number, readonly Fact[]>
}

const keySchema = z.looseObject({ pk: z.string(), sk: z.string() })

const known = new WeakMap<Tables, ReadonlyMap<string, NoticeInTables>>()

/** What the tables say of each notice. */
export function noticesIn(tables: Tables): ReadonlyMap<string, NoticeInTables> {
  const before = known.get(tables)
  if (before !== undefined) return before
  const items = tables.notices.map(item => keySchema.parse(item))
  const facts = Map.groupBy(tables.deliveries.flatMap(toFacts), ({ noticeId }) => noticeId)
  const rows = Map.groupBy(items.filter(({ sk }) => sk.startsWith('BATCH#')).map(toRow), ({ noticeId }) => noticeId)
  const found = new Map(
    items
      .filter(({ sk }) => sk === 'NOTICE')
      .map(toNotice)
      .map(notice => {
        const { noticeId } = notice
        const ownFacts = latestTellings(facts.get(noticeId) ?? [])
        const factsByBatch = Map.groupBy(ownFacts, ({ batch }) => batch)
        return [noticeId, { notice, rows: rows.get(noticeId) ?? [], factsByBatch }]
      }),
  )
  known.set(tables, found)
  return found
}

function toNotice({ pk: _, sk: __, revision: ___, changeToken: ____, ...notice }: z.infer<typeof keySchema>): Notice {
  return noticeSchema.parse(notice)
}

function toRow({ pk: _, sk: __, ...row }: z.infer<typeof keySchema>): BatchRow {
  return batchRowSchema.parse(row)
}

const factRowSchema = z.object({ pk: z.string(), facts: z.array(z.record(z.string(), z.unknown())) })

function toFacts(item: Readonly<Record<string, unknown>>): Fact[] {
  const { pk, facts } = factRowSchema.parse(item)
  const [, noticeId, batch] = pk.split('#')
  return facts.map(fact => factSchema.parse({ noticeId, batch: Number(batch), ...fact }))
}
