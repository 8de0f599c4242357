/** A sender that was held up uses its late slots at so many times their pace … */
const HASTE = 2
/** … but for what a coarse timer holds up together. */
const GRAIN_MS = 5

/** Keeps a sender that was held up from using its late slots all at once: SES would see a burst, and throttle it. */
export interface CatchUp {
  /** A call has begun in a slot so far from the next. */
  began(atMs: number, intervalMs: number): void
  /** No call begins before this. In the past for whoever keeps to the slots. */
  notBeforeMs(): number
}

export function limitCatchUp(): CatchUp {
  let nextMs = Number.NEGATIVE_INFINITY
  return {
    began: (atMs, intervalMs) => {
      nextMs = Math.max(nextMs, atMs - GRAIN_MS) + intervalMs / HASTE
    },
    notBeforeMs: () => nextMs,
  }
}
