import { NO_RECIPIENTS, type ReadyAudience } from '../recipient/audience.ts'
import { encodeRecipientKey, openAudienceSecret } from '../recipient/audience-secret.ts'
import { encodeRecipientLine } from '../recipient/recipient-line.ts'
import { assertNever } from '../runtime/assert-never.ts'
import { type BatchLayout, createBatchWriter } from './batch-writer.ts'
import type { AudienceSinks } from './byte-sink.ts'
import { type FileProblem, fileProblems } from './file-problem.ts'
import { judgeRow } from './judge-row.ts'
import { createRecipientCounts } from './recipient-counts.ts'
import { createRefusedRowsWriter } from './refused-rows.ts'
import { type RefusedRow, type Row, type RowEvent, refuseRow } from './row.ts'
import { SeenRecipients } from './seen-recipients.ts'
import { readUpload } from './upload-rows.ts'

export type IndexResult =
  | { kind: 'indexed'; audience: Omit<ReadyAudience, 'state' | 'audienceId' | 'keyId'> }
  | FileProblem

/**
 * Indexes one upload: every row becomes a recipient or a refused row, in the order of the file within each lane. The same
 * bytes under the same secret and layout always give the same three objects. With a problem of the whole file nothing is kept but, where rows were
 * refused to the last, the file of refused rows. Whatever fails underneath is thrown, and nothing is kept.
 */
export async function indexAudience(
  upload: AsyncIterable<Uint8Array>,
  sinks: AudienceSinks,
  secret: Uint8Array,
  layout?: BatchLayout,
): Promise<IndexResult> {
  try {
    const result = await writeIndex(upload, sinks, secret, layout)
    const kept = result.kind === 'indexed' || result.code === NO_RECIPIENTS
    await (kept ? sinks.refusedRows.close() : sinks.refusedRows.abort())
    for (const sink of [sinks.recipients, sinks.batches]) {
      await (result.kind === 'indexed' ? sink.close() : sink.abort())
    }
    return result
  } catch (error) {
    await Promise.allSettled(Object.values<AudienceSinks[keyof AudienceSinks]>({ ...sinks }).map(sink => sink.abort()))
    throw error
  }
}

async function writeIndex(
  upload: AsyncIterable<Uint8Array>,
  sinks: AudienceSinks,
  secret: Uint8Array,
  layout: BatchLayout | undefined,
): Promise<IndexResult> {
  const { hashKey, seal } = openAudienceSecret(secret)
  const seen = new SeenRecipients()
  const batches = createBatchWriter(sinks.recipients, sinks.batches, layout)
  const refused = createRefusedRowsWriter(sinks.refusedRows)
  const counts = createRecipientCounts()

  function takeRow(row: Row): Promise<void> | FileProblem | undefined {
    const judged = judgeRow(row)
    if (judged.kind === 'refused-row') return refused.add(judged)
    const { address, locale, variables } = judged
    const hash = hashKey(address)
    const firstLine = seen.add(hash, row.line)
    if (firstLine !== undefined) return refused.add(refuseDuplicate(row, firstLine))
    if (!counts.add(locale, row.names, row.line)) return fileProblems.tooManyLocales(row.line)
    const recipient = { address, key: encodeRecipientKey(hash), locale, variables }
    return batches.add(address, encodeRecipientLine({ ...recipient, seal: seal(recipient) }))
  }

  function take(event: RowEvent): Promise<void> | FileProblem | undefined {
    switch (event.kind) {
      case 'row':
        return takeRow(event)
      case 'refused-row':
        return refused.add(event)
      case 'problem':
        return event
      default:
        return assertNever(event)
    }
  }

  for await (const events of readUpload(upload)) {
    for (const event of events) {
      const taken = take(event)
      if (taken === undefined) continue
      if ('kind' in taken) return taken
      await taken
    }
  }
  await refused.flush()
  const [recipients, refusedRows] = [counts.recipients(), refused.rows()]
  const rows = recipients + refusedRows
  const most = refused.mostFrequent()
  if (recipients === 0) return most === undefined ? fileProblems.headerOnly() : fileProblems.noRecipients(rows, most)
  const index = await batches.finish()
  const refusedByReason = refused.byReason()
  const [locales, variables] = [counts.locales(), counts.variables()]
  return {
    kind: 'indexed',
    audience: { rows, recipients, refusedRows, refusedByReason, ...index, locales, variables },
  }
}

function refuseDuplicate(row: Row, firstLine: number): RefusedRow {
  return refuseRow(row.line, 'email', 'duplicate', row.email, `The same address is on line ${firstLine}.`)
}
