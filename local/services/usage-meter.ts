import type { ServerResponse } from 'node:http'
import * as z from 'zod'

const operationSchema = z.object({ calls: z.number(), units: z.number() })
export const usageSchema = z.record(z.string(), operationSchema)

/** What a service was asked for since its start, by operation: calls, and the units by which AWS bills them beside. */
export type Usage = z.infer<typeof usageSchema>

/** `GET` it at the endpoint of a local service. */
export const USAGE_PATH = '/_local/usage'

export class UsageMeter {
  readonly #operations = new Map<string, { calls: number; units: number }>()

  count(operation: string, units = 0): void {
    const known = this.#operations.get(operation)
    if (known === undefined) {
      this.#operations.set(operation, { calls: 1, units })
    } else {
      known.calls++
      known.units += units
    }
  }

  read(): Usage {
    return Object.fromEntries(this.#operations)
  }

  answer(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(this.read()))
  }
}
