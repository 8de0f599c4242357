import { localEnvironment } from '../network-guard.ts'
import type { FunctionDefinition, QueueDefinition } from '../template/deployment.ts'
import { functionArn } from '../template/identities.ts'
import type { AccountScope } from '../template/intrinsics.ts'

/** Where the services of this stack listen. */
export interface LocalAddresses {
  /** `AWS_ENDPOINT_URL_…` by name. */
  readonly endpoints: Readonly<Record<string, string>>
  /** By queue name. */
  readonly queueUrls: Readonly<Record<string, string>>
}

/** Nothing of the caller's own environment but what a process needs to live. */
const inherited = Object.fromEntries(['PATH', 'HOME', 'TMPDIR'].map(name => [name, process.env[name]]))

/** The environment that Lambda would give a function, with the services' local addresses in it. */
export function functionEnvironment(
  definition: FunctionDefinition,
  queues: readonly QueueDefinition[],
  scope: AccountScope,
  { endpoints, queueUrls }: LocalAddresses,
): Record<string, string> {
  const localUrls = new Map(queues.map(queue => [queue.url, queueUrls[queue.name] ?? queue.url]))
  const given = Object.entries(definition.environment).map(([name, value]) => [name, localUrls.get(value) ?? value])
  return {
    ...localEnvironment(scope.region, inherited),
    TZ: 'UTC',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: definition.assetDirectory,
    _HANDLER: definition.handler,
    ONLYTO_FUNCTION_ARN: functionArn(definition.name, scope),
    ...Object.fromEntries(given),
    ...endpoints,
  }
}
