/** SEED=… repeats another run than the one that every run has. */
export const seed = Number(process.env['SEED'] ?? 20_191_101)

const FEWER = 20

/** How often something generated is tried; fewer times on each mutant of the guard. */
export function times(count: number): number {
  return process.env['FEWER_RUNS'] === undefined ? count : Math.ceil(count / FEWER)
}
