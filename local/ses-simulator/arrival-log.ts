/** A SendEmail request that came in, whatever became of it. */
export interface Arrival {
  readonly atMs: number
  readonly accepted: boolean
}

/** Older arrivals may be forgotten, so that memory is bounded by the rate. */
const KEPT_MS = 60_000

/** The requests of at least the last minute, with those that were throttled, refused or met by a fault. */
export class ArrivalLog {
  #arrivals: Arrival[] = []
  #oldestMs = Number.POSITIVE_INFINITY

  add(atMs: number, accepted: boolean): void {
    this.#arrivals.push({ atMs, accepted })
    this.#oldestMs = Math.min(this.#oldestMs, atMs)
    if (atMs - this.#oldestMs < 2 * KEPT_MS) return
    this.#arrivals = this.#arrivals.filter(arrival => atMs - arrival.atMs <= KEPT_MS)
    this.#oldestMs = atMs - KEPT_MS
  }

  clear(): void {
    this.#arrivals = []
    this.#oldestMs = Number.POSITIVE_INFINITY
  }

  async *list(): AsyncGenerator<Arrival> {
    yield* [...this.#arrivals]
  }
}
