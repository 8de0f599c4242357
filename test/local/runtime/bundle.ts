import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { localEnvironment } from '../../../local/network-guard.ts'
import { FunctionLog } from '../../../local/runtime/function-log.ts'
import { FunctionPool } from '../../../local/runtime/function-pool.ts'
import { MetricSums } from '../../../local/runtime/metric-sums.ts'
import type { FunctionDefinition } from '../../../local/template/deployment.ts'

/** A bundle as the CDK would have made it, in a directory of its own, with a pool that runs it. */
export interface Bundle extends AsyncDisposable {
  readonly definition: FunctionDefinition
  readonly directory: string
  readonly metrics: MetricSums
  readonly pool: FunctionPool
}

/** `source` is the text of `index.mjs`, which exports `handler`. */
export function bundle(
  source: string,
  settings: Partial<FunctionDefinition> & { maxEnvironments?: number } = {},
): Bundle {
  const directory = mkdtempSync(path.join(tmpdir(), 'onlyto-bundle-'))
  writeFileSync(path.join(directory, 'index.mjs'), source)
  const { maxEnvironments = 4, ...changes } = settings
  const definition: FunctionDefinition = {
    name: 'Fixture',
    room: 'fixture',
    assetDirectory: directory,
    handler: 'index.handler',
    timeoutMs: 10_000,
    memoryMb: 256,
    environment: {},
    reservedConcurrency: undefined,
    asyncRetries: 2,
    ...changes,
  }
  const metrics = new MetricSums()
  const log = new FunctionLog(path.join(directory, 'fixture.log'), metrics)
  const environment = {
    ...localEnvironment(),
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    _HANDLER: definition.handler,
    ...definition.environment,
  }
  const pool = new FunctionPool({ definition, environment, log, maxEnvironments })
  return {
    definition,
    directory,
    metrics,
    pool,
    async [Symbol.asyncDispose]() {
      await pool.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
