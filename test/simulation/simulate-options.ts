import { parseArgs } from 'node:util'

export interface ManySeeds {
  readonly kind: 'many'
  readonly from: string
  readonly seeds: number
  readonly jobs: number
}

export type SimulateOptions = ManySeeds | { readonly kind: 'one'; readonly seed: string }

const USAGE = 'npm run simulate -- --seeds N [--from S] [--jobs J], or --seed S, or SEED=S npm run simulate'

export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): SimulateOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      jobs: { type: 'string', default: '1' },
    },
  })
  const seed = values.seed ?? environment['SEED']
  if (seed !== undefined && seed !== '') return { kind: 'one', seed }
  return { kind: 'many', from: values.from, seeds: count('seeds', values.seeds), jobs: count('jobs', values.jobs) }
}

function count(name: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  throw new RangeError(`--${name} is to be a whole number above 0, not ${text}. ${USAGE}`)
}

/** Seeds are numbers that follow each other, or a name (such as a commit) and then that name with numbers. */
export function nthSeed(from: string, index: number): string {
  if (/^\d{1,15}$/.test(from)) return String(Number(from) + index)
  return index === 0 ? from : `${from}/${index}`
}
