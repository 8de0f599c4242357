import { seededUniform } from '../../local/ses-simulator/limits/seeded-random.ts'

/** Who dies, and when, in milliseconds from the start of the notice. `draw` in [0, 1) chooses among the senders of that moment. */
export type Kill =
  | { readonly victim: 'sender'; readonly atMs: number; readonly draw: number }
  | { readonly victim: 'everything'; readonly atMs: number }

/** One sender in each span of this length, at a random moment of it. */
export const KILL_SPAN_MS = 2_000

/**
 * The kills of one run, for so long, or without end: a sender every two seconds, and once, at a random moment of the time that
 * sending should take, every process at once. The same seed gives the same kills.
 */
export function* killSchedule(
  seed: number,
  sendingMs: number,
  killForMs = Number.POSITIVE_INFINITY,
): Generator<Kill, void> {
  const uniform = seededUniform(seed)
  let everythingAtMs = uniform() * sendingMs
  for (let spanMs = 0; spanMs < killForMs; spanMs += KILL_SPAN_MS) {
    const atMs = spanMs + uniform() * KILL_SPAN_MS
    const draw = uniform()
    if (everythingAtMs < atMs) {
      yield { victim: 'everything', atMs: everythingAtMs }
      everythingAtMs = Number.POSITIVE_INFINITY
    }
    yield { victim: 'sender', atMs, draw }
  }
  if (everythingAtMs < killForMs) yield { victim: 'everything', atMs: everythingAtMs }
}

/** The process that a draw chooses, whatever order they are listed in. */
export function chosen(processIds: readonly number[], draw: number): number | undefined {
  return processIds.toSorted((a, b) => a - b)[Math.floor(draw * processIds.length)]
}
