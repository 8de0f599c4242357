import { createHash } from 'node:crypto'

/**
 * The order in which a notice's batches are queued: random, so that nobody is always last, and always the same for the same
 * notice. A Fisher-Yates shuffle fed by SHA-256 in counter mode over the notice id.
 */
export function orderBatches(noticeId: string, batches: number): readonly number[] {
  const order = Array.from({ length: batches }, (_, batch) => batch)
  const next = randomWords(noticeId)
  for (let last = batches - 1; last > 0; last--) {
    const chosen = Math.floor((next() / 0x1_0000_0000) * (last + 1))
    const moved = order[last] ?? last
    order[last] = order[chosen] ?? chosen
    order[chosen] = moved
  }
  return order
}

function randomWords(seed: string): () => number {
  let block = Buffer.alloc(0)
  let counter = 0
  let offset = 0
  return () => {
    if (offset === block.length) {
      block = createHash('sha256').update(`${seed}#${counter++}`).digest()
      offset = 0
    }
    offset += 4
    return block.readUInt32BE(offset - 4)
  }
}
