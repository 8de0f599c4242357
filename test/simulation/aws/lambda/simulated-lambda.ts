import { jsonAnswer } from '../answers.ts'
import { OutsideSimulation } from '../outside-simulation.ts'
import type { SimulatedService } from '../simulated-service.ts'

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/

/** Asynchronous invocations: Lambda takes the event, and the engine calls the function when it likes. */
export function simulatedLambda(onInvoke: (functionName: string, event: unknown) => void): SimulatedService {
  return ({ method, path, headers, body }) => {
    const functionName = INVOKE.exec(path)?.[1]
    if (method !== 'POST' || functionName === undefined) throw new OutsideSimulation(`Lambda's ${method} ${path}`)
    if (headers['x-amz-invocation-type'] !== 'Event') throw new OutsideSimulation('Lambda calls that are waited for')
    const event: unknown = JSON.parse(Buffer.from(body).toString() || '{}')
    onInvoke(decodeURIComponent(functionName), event)
    return { ...jsonAnswer(202, {}), body: new Uint8Array() }
  }
}
