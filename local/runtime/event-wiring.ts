import { SqsCalls } from '../services/sqs-calls.ts'
import type { Deployment } from '../template/deployment.ts'
import type { LocalAddresses } from './function-environment.ts'
import type { LocalFunctions } from './local-functions.ts'
import { Rules } from './rules.ts'
import { SqsEventSource } from './sqs-event-source.ts'

export interface EventWiringOptions {
  readonly deployment: Deployment
  readonly addresses: LocalAddresses
  readonly functions: LocalFunctions
  readonly onProblem: (problem: string) => void
}

export interface EventWiring {
  readonly rules: Rules
  /** Stops taking events; resolves when the invocations that run have ended. */
  close(): Promise<void>
}

/** Everything in the template that invokes a function by itself: queues, schedules, new objects. */
export function wireEvents({ deployment, addresses, functions, onProblem }: EventWiringOptions): EventWiring {
  const { scope, queues } = deployment
  const calls = new SqsCalls(addresses.endpoints['AWS_ENDPOINT_URL_SQS'] ?? '', scope.region)
  const sources = deployment.eventSources.map(
    definition =>
      new SqsEventSource({
        definition,
        queueUrl: addresses.queueUrls[definition.queueName] ?? '',
        queueArn: queues.find(({ name }) => name === definition.queueName)?.arn ?? '',
        region: scope.region,
        calls,
        invoke: event => functions.invoke(definition.functionName, event),
        onFault: fault => onProblem(`The queue ${definition.queueName} cannot be used: ${String(fault)}`),
      }),
  )
  const rules = new Rules({
    rules: deployment.rules,
    scope,
    invoke: (functionName, event) => void functions.invokeAsync(functionName, event),
  })
  return {
    rules,
    close: async () => {
      rules.close()
      await Promise.all(sources.map(source => source.close()))
      calls.close()
    },
  }
}
