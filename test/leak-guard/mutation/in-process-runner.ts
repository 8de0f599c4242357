import { readdirSync } from 'node:fs'
import { enableCompileCache, registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { MutantCoverage } from '@stryker-mutator/api/core'
import { commonTokens, declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import {
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  TestStatus,
} from '@stryker-mutator/api/test-runner'
import { type CollectedTest, takeTests } from './collected-tests.ts'

/** Measures time, which a mutated sandbox on a busy computer cannot. */
const NOT_OF_MUTANTS = 'effort.test.ts'
/** The slowest come last, since the first that fails is the last that is run. */
const last = [
  'test/leak-guard/corpus.test.ts',
  'test/leak-guard/properties.test.ts',
  'test/leak-guard/legitimate.test.ts',
]

/** Those of the sandbox: a test that is written meanwhile counts only for the next run. */
function testFiles(): readonly string[] {
  const ofGuard = readdirSync('test/leak-guard').filter(name => name.endsWith('.test.ts') && name !== NOT_OF_MUTANTS)
  const first = ofGuard.map(name => `test/leak-guard/${name}`).filter(file => !last.includes(file))
  return [...first, 'test/ses/wire-check.test.ts', ...last]
}

/** What the instrumented code looks at. */
interface Instrumentation {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  mutantCoverage?: MutantCoverage
  hitCount?: number | undefined
  hitLimit?: number | undefined
}

const collector = new URL('./collected-tests.ts', import.meta.url).href
const sandbox = pathToFileURL(join(process.cwd(), '/')).href
let environment = 0

/** Runs the guard's tests in Stryker's own process, with all modules of the sandbox loaded anew for each mutant. */
class InProcessRunner implements TestRunner {
  static readonly inject = [commonTokens.options] as const
  readonly #instrumentation: Instrumentation = {}

  capabilities() {
    return { reloadEnvironment: true }
  }

  async init(): Promise<void> {
    process.env['FEWER_RUNS'] = '1'
    Object.assign(globalThis, { __stryker__: this.#instrumentation })
    enableCompileCache()
    registerHooks({
      resolve: (specifier, context, next) => {
        const ofSandbox = context.parentURL?.startsWith(sandbox) ?? false
        if (specifier === 'vitest' && ofSandbox) return { url: collector, shortCircuit: true }
        const resolved = next(specifier, context)
        const own = resolved.url.startsWith(sandbox) && !resolved.url.includes('/node_modules/')
        return own ? { ...resolved, url: `${resolved.url.replace(/\?.*/, '')}?environment=${environment}` } : resolved
      },
    })
    await import(join(process.cwd(), 'local/network-guard.ts'))
  }

  async dryRun(): Promise<DryRunResult> {
    const mutantCoverage: MutantCoverage = { static: {}, perTest: {} }
    Object.assign(this.#instrumentation, { mutantCoverage })
    const tests: TestResult[] = []
    for (const test of await loadTests()) {
      const startedMs = performance.now()
      this.#instrumentation.currentTestId = test.id
      const failure = await failureOf(test)
      this.#instrumentation.currentTestId = undefined
      const result = { id: test.id, name: test.id, timeSpentMs: performance.now() - startedMs }
      if (failure === undefined) tests.push({ ...result, status: TestStatus.Success })
      else tests.push({ ...result, status: TestStatus.Failed, failureMessage: failure })
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage }
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { testFilter, activeMutant, hitLimit, mutantActivation } = options
    const state: Instrumentation = Object.assign(this.#instrumentation, {
      hitCount: 0,
      hitLimit,
      activeMutant: activeMutant.id,
    })
    if (mutantActivation === 'runtime') state.activeMutant = undefined
    const tests = await loadTests().catch((error: unknown) => String(error))
    if (typeof tests === 'string') return { status: MutantRunStatus.Error, errorMessage: tests }
    state.activeMutant = activeMutant.id
    const wanted = testFilter === undefined ? undefined : new Set(testFilter)
    let nrOfTests = 0
    for (const test of tests) {
      if (wanted !== undefined && !wanted.has(test.id)) continue
      nrOfTests++
      const failureMessage = await failureOf(test)
      if (hitLimit !== undefined && (state.hitCount ?? 0) > hitLimit) return { status: MutantRunStatus.Timeout }
      if (failureMessage === undefined) continue
      return { status: MutantRunStatus.Killed, killedBy: [test.id], failureMessage, nrOfTests }
    }
    return { status: MutantRunStatus.Survived, nrOfTests }
  }
}

/** All tests, of modules that no earlier mutant has run in. */
async function loadTests(): Promise<readonly CollectedTest[]> {
  environment++
  for (const file of testFiles()) await import(join(process.cwd(), file))
  return takeTests()
}

async function failureOf(test: CollectedTest): Promise<string | undefined> {
  try {
    await test.run()
    return undefined
  } catch (error) {
    return String(error).slice(0, 500)
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)]
