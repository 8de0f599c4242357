import type { ServerResponse } from 'node:http'
import * as z from 'zod'

const durationMs = z.number().nonnegative().max(60_000)
const delaySchema = z.strictObject({
  /** Before a request is looked at. */
  beforeMs: durationMs.default(0),
  /** Between its effect and its answer: what the answer says is that old when it comes. */
  afterMs: durationMs.default(0),
})
export type TableDelay = z.input<typeof delaySchema>

/** `PUT` a TableDelay here, at the DynamoDB endpoint, and every call from then on takes so much longer. */
export const DELAY_PATH = '/_local/delay'

/** Slow tables, on demand: the front holds requests and answers back. */
export class Delays {
  #delay: z.output<typeof delaySchema> = { beforeMs: 0, afterMs: 0 }

  /** Answers a control request: what holds from now on, or why nothing has changed. */
  control(body: string, response: ServerResponse): void {
    const parsed = delaySchema.safeParse(parseJson(body))
    if (parsed.success) this.#delay = parsed.data
    const faults = parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    response.writeHead(parsed.success ? 200 : 400, { 'content-type': 'application/json' })
    response.end(JSON.stringify(faults === undefined ? this.#delay : { message: 'Nothing was changed.', faults }))
  }

  /** Has the request handled once its time has come. */
  hold(response: ServerResponse, handle: () => void): void {
    const { beforeMs, afterMs } = this.#delay
    if (afterMs > 0) holdAnswer(response, afterMs)
    if (beforeMs > 0) setTimeout(handle, beforeMs)
    else handle()
  }
}

function holdAnswer(response: ServerResponse, delayMs: number): void {
  const end = response.end
  response.end = (...answer: unknown[]) => {
    setTimeout(() => Reflect.apply(end, response, answer), delayMs)
    return response
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
