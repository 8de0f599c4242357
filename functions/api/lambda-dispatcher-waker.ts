import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda'
import type { DispatcherWaker } from './ports.ts'

/** Invokes the dispatcher without waiting for it. Waking it twice does no harm. */
export function lambdaDispatcherWaker(client: LambdaClient, functionName: string): DispatcherWaker {
  return {
    wake: async noticeId => {
      await client.send(
        new InvokeCommand({
          FunctionName: functionName,
          InvocationType: 'Event',
          Payload: JSON.stringify({ noticeId }),
        }),
      )
    },
  }
}
