/** A SendEmail request that came in, whatever became of it. */
export interface Arrival {
  readonly atMs: number
  readonly accepted: boolean
  /** Addresses in its destination, also of a request that nobody can read. */
  readonly addresses: number
}

/** Older arrivals may be forgotten, so that memory is bounded by the rate. */
const KEPT_MS = 60_000

/** The requests of at least the last minute, with those that were throttled, refused or met by a fault. */
export class ArrivalLog {
  #arrivals: Arrival[] = []
  #oldestMs = Number.POSITIVE_INFINITY

  add(arrival: Arrival): void {
    const { atMs } = arrival
    this.#arrivals.push(arrival)
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

const AT_SIGN = 0x40

/** How many addresses stand in the destination of a request, however they are written. */
export function addressesInDestination(body: Buffer): number {
  const start = body.indexOf('"Destination"')
  const end = start < 0 ? -1 : body.indexOf('}', start)
  return end < 0 ? 0 : body.subarray(start, end).reduce((count, byte) => count + (byte === AT_SIGN ? 1 : 0), 0)
}
