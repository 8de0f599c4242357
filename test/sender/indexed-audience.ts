import { createHash } from 'node:crypto'
import { encodeBatchSlice } from '../../functions/recipient/batch-index.ts'
import { BATCH_SIZE, type Recipient } from '../../functions/recipient/recipient.ts'
import { encodeRecipientLine } from '../../functions/recipient/recipient-line.ts'

/** An audience as the audience room leaves it, made of recipients that are given, in lanes that are given for its batches. */
export function indexAudience(recipients: readonly Recipient[], lanes: readonly (string | undefined)[] = []) {
  const slices: string[] = []
  let offset = 0
  const lines: string[] = []
  for (let first = 0; first < recipients.length; first += BATCH_SIZE) {
    const batch = recipients.slice(first, first + BATCH_SIZE)
    const text = batch.map(encodeRecipientLine).join('')
    const length = Buffer.byteLength(text)
    const digest = createHash('sha256').update(text).digest('hex')
    slices.push(encodeBatchSlice({ offset, length, size: batch.length, digest, lane: lanes[slices.length] }))
    lines.push(text)
    offset += length
  }
  const batches = Buffer.from(slices.join(''))
  const digest = createHash('sha256').update(batches).digest('hex')
  return { recipients: Buffer.from(lines.join('')), batches, digest, count: slices.length }
}
