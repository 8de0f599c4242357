import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { CaseResult } from './case-result.ts'
import type { PerformanceCase } from './cases.ts'

/** A result, and the commit whose code it is of. */
export interface MeasuredCase extends CaseResult {
  readonly commit: string
}

/** Results of cases in a file, a line each, so that a run that was interrupted goes on where it ended. */
export interface KeptResults {
  find(planned: PerformanceCase): MeasuredCase | undefined
  keep(result: MeasuredCase): void
}

export function keptResults(path: string | undefined): KeptResults {
  const lines = path !== undefined && existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []
  const kept = new Map(lines.map((line): [string, MeasuredCase] => byCase(JSON.parse(line))))
  return {
    find: planned => kept.get(JSON.stringify(planned)),
    keep: result => {
      if (path !== undefined) appendFileSync(path, `${JSON.stringify(result)}\n`)
    },
  }
}

function byCase(result: MeasuredCase): [string, MeasuredCase] {
  return [JSON.stringify(result.planned), result]
}

export function presentCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return 'unknown'
  }
}
