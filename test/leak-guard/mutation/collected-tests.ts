/**
 * Stands in for Vitest's `describe` and `it` where a mutant is tried: it only collects the tests, to be run in this process.
 * A worker of Vitest for each of two thousand mutants costs ten times what their tests do.
 */
export { expect } from 'vitest'

type Body = (...values: never[]) => unknown

export interface CollectedTest {
  readonly id: string
  run(): Promise<void>
}

const collected: CollectedTest[] = []
const path: string[] = []
let afterTest: (() => unknown)[] = []

/** What has been collected since the last call. */
export function takeTests(): readonly CollectedTest[] {
  return collected.splice(0)
}

export function onTestFinished(tidy: () => unknown): void {
  afterTest.push(tidy)
}

export const describe = Object.assign(group, { each: each(group) })
export const it = Object.assign(single, { each: each(single) })
export const test = it

function group(name: string, body: () => unknown): void {
  path.push(name)
  body()
  path.pop()
}

function single(name: string, ...given: readonly unknown[]): void {
  const body = given.findLast(isBody)
  if (body === undefined) return
  const id = [...path, name].join(' > ')
  collected.push({
    id,
    run: async () => {
      try {
        await body()
      } finally {
        const tidies = afterTest.reverse()
        afterTest = []
        for (const tidy of tidies) await tidy()
      }
    },
  })
}

function each(one: (name: string, body: () => unknown) => void) {
  return (rows: readonly unknown[]) =>
    (name: string, ...given: readonly unknown[]) => {
      const body = given.findLast(isBody)
      for (const [index, row] of rows.entries()) {
        const values: readonly unknown[] = Array.isArray(row) ? row : [row]
        one(`${name} [${index}]`, () => body?.(...(values as never[])))
      }
    }
}

function isBody(given: unknown): given is Body {
  return typeof given === 'function'
}
