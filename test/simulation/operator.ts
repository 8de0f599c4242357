import * as z from 'zod'
import type { InvocationResult } from './history.ts'
import type { LambdaFunction } from './lambda-function.ts'
import type { World } from './process.ts'
import type { ApiAnswer, ApiRequest } from './rooms.ts'

const OPERATOR = 'arn:aws:iam::000000000000:user/ada'

/** What came back of a call: status 0 when nothing did. */
export interface Answer extends ApiAnswer {
  readonly body: unknown
}

/** The operator's side of the API, and of time. */
export interface OperatorLine {
  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer>
  sleep(durationMs: number): Promise<void>
}

const answerSchema = z.object({ status: z.number(), text: z.string() })
const WAY_MS = [5, 60] as const

export function operatorLine(world: World, api: LambdaFunction<ApiRequest>): OperatorLine {
  const { scheduler, history } = world
  const random = world.random.fork('operator-line')

  function read(result: InvocationResult): ApiAnswer {
    const parsed = answerSchema.safeParse(result.kind === 'returned' ? result.value : undefined)
    // What API Gateway answers for a function that failed.
    return parsed.success ? parsed.data : { status: 503, text: '{"message":"Service Unavailable"}' }
  }

  return {
    sleep: durationMs =>
      new Promise(resolve =>
        scheduler.after(durationMs, () => {
          resolve()
          return undefined
        }),
      ),
    call: (method, path, body) =>
      new Promise(resolve => {
        const call = history.add({ kind: 'api-call', atMs: scheduler.now(), method, path })
        const wayMs = () => random.acrossScales(...WAY_MS)
        const end = (result: InvocationResult) =>
          scheduler.after(wayMs(), () => {
            const { status, text } = read(result)
            history.add({ kind: 'api-answer', atMs: scheduler.now(), of: call, status, text })
            resolve({ status, text, body: parseJson(text) })
            return undefined
          })
        scheduler.after(wayMs(), () => {
          api.invoke({ method, path, body, userArn: OPERATOR }, end)
          return false
        })
      }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
