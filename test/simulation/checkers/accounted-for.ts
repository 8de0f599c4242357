import {
  addCounts,
  type BatchCounts,
  countsOf,
  emptyCounts,
  sameCounts,
  settled,
} from '../../../functions/ledger/counts.ts'
import { factsByRecipient, foldDelivery } from '../../../functions/ledger/fate.ts'
import type { Checker, Evidence } from './evidence.ts'
import { type NoticeInTables, noticesIn, type Tables } from './ledger-view.ts'
import { type SesCall, sesCalls } from './ses-calls.ts'

type Finding = { readonly atMs: number; readonly what: string }

/**
 * Promise 2: planned = accepted + rejected + failed + suppressed + in doubt + pending, recipient by recipient, at every moment;
 * a finished notice has nobody pending; and what the ledger says of each is what SES did.
 */
export const accountedFor: Checker = {
  name: 'accounted for',
  check: evidence => [
    ...evidence.samples.flatMap(sample => noticesOf(sample).flatMap(found => whileSending(found, sample.atMs))),
    ...noticesOf(evidence).flatMap(found => [
      ...whileSending(found, evidence.endedAtMs),
      ...atTheEnd(found, evidence),
      ...asSesDid(found, sesCalls(evidence.history), evidence.endedAtMs),
    ]),
  ],
}

const noticesOf = (tables: Tables) => [...noticesIn(tables).values()]
const plannedOf = ({ notice }: NoticeInTables) => (notice.audience?.state === 'ready' ? notice.audience.recipients : 0)
const show = (counts: BatchCounts) => JSON.stringify(counts)

function whileSending({ notice, rows, factsByBatch }: NoticeInTables, atMs: number): readonly Finding[] {
  const found = (what: string) => ({ atMs, what: `${notice.noticeId}: ${what}` })
  return rows.flatMap(row => {
    const facts = factsByBatch.get(row.batch) ?? []
    const known = factsByRecipient(facts).size
    const findings: Finding[] = []
    if (settled(row.tally) > row.size)
      findings.push(found(`batch ${row.batch} counts more than its ${row.size}: ${show(row)}`))
    if (known > row.size) findings.push(found(`batch ${row.batch} has facts about ${known} recipients of ${row.size}`))
    if (row.state === 'done' && settled(countsOf(facts).tally) < row.size) {
      findings.push(
        found(`batch ${row.batch} is done, and only ${settled(countsOf(facts).tally)} of ${row.size} have a fate`),
      )
    }
    return findings
  })
}

/** Once nothing moves any more the counts of the rows are those of the facts, and cover everybody. */
function atTheEnd(inTables: NoticeInTables, { endedAtMs }: Evidence): readonly Finding[] {
  const { notice, rows, factsByBatch } = inTables
  if (notice.state !== 'finished') return []
  const found = (what: string) => ({ atMs: endedAtMs, what: `${notice.noticeId}: ${what}` })
  const sum = rows.reduce<BatchCounts>(addCounts, emptyCounts)
  const findings = rows.flatMap(row => {
    const counted = countsOf(factsByBatch.get(row.batch) ?? [])
    return sameCounts(counted, row)
      ? []
      : [found(`batch ${row.batch} counts ${show(row)}, its facts are ${show(counted)}`)]
  })
  const planned = plannedOf(inTables)
  if (settled(sum.tally) !== planned) findings.push(found(`finished with ${settled(sum.tally)} of ${planned} settled`))
  return findings
}

/** What the ledger says of each recipient against what SES did: nothing is claimed that was not, and nothing denied that was. */
function asSesDid(
  { notice, factsByBatch }: NoticeInTables,
  calls: readonly SesCall[],
  atMs: number,
): readonly Finding[] {
  const found = (key: string, what: string) => ({ atMs, what: `${notice.noticeId}: recipient ${key} ${what}` })
  const accepted = Map.groupBy(
    calls.filter(call => call.noticeId === notice.noticeId && call.accepted !== undefined),
    ({ recipientKey }) => recipientKey,
  )
  const facts = factsByRecipient([...factsByBatch.values()].flat())
  return [...new Set([...accepted.keys(), ...facts.keys()])].flatMap(key => {
    const { fate, messageIds } = foldDelivery(facts.get(key) ?? [])
    const sent = (accepted.get(key) ?? []).map(call => call.accepted?.messageId)
    const findings = messageIds
      .filter(messageId => !sent.includes(messageId))
      .map(messageId => found(key, `is said to have ${messageId}, which SES never accepted`))
    if (fate.kind === 'accepted' && sent.length === 0)
      findings.push(found(key, 'is accepted, and SES accepted nothing'))
    if (fate.kind === 'rejected' && sent.length > 0) findings.push(found(key, 'is rejected, and was sent to'))
    if (fate.kind === 'failed' && sent.length > 0 && messageIds.length === 0) {
      findings.push(found(key, `failed (${fate.reason}), and SES accepted ${sent.length}`))
    }
    if ('reason' in fate && fate.reason === '') findings.push(found(key, `is ${fate.kind} for no reason`))
    return findings
  })
}
