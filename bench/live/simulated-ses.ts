import * as z from 'zod'
import type { Arrival } from '../../local/ses-simulator/arrival-log.ts'
import type { Fault } from '../../local/ses-simulator/faults.ts'
import type { SesSimulatorOptions } from '../../local/ses-simulator/options.ts'

export interface Acceptance {
  readonly atMs: number
  readonly to: readonly string[]
}

const acceptance = z.object({ atMs: z.number(), to: z.array(z.string()) })
const arrival = z.object({ atMs: z.number(), accepted: z.boolean(), addresses: z.number() })

/** The simulated SES of a stack, asked as its control endpoints allow. */
export function simulatedSes(sesUrl: string) {
  async function ask(method: string, what: string, body?: unknown): Promise<string> {
    const response = await fetch(`${sesUrl}/_simulator/${what}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`The SES simulator answered ${response.status} to ${method} ${what}: ${text}`)
    return text
  }
  const lines = async <Shape extends z.ZodType>(what: string, shape: Shape): Promise<z.output<Shape>[]> =>
    (await ask('GET', what)).split('\n').flatMap(line => (line === '' ? [] : [shape.parse(JSON.parse(line))]))

  return {
    /** Every message that SES has accepted, in the order of acceptance. */
    acceptances: (): Promise<readonly Acceptance[]> => lines('acceptances', acceptance),
    /** Every call that came in lately, accepted or not. */
    arrivals: (): Promise<readonly Arrival[]> => lines('arrivals', arrival),
    change: (options: SesSimulatorOptions) => ask('PUT', 'options', options),
    addFault: (fault: Fault) => ask('POST', 'faults', fault),
    clearFaults: () => ask('DELETE', 'faults'),
    forget: () => ask('DELETE', 'messages'),
  }
}

export type SimulatedSes = ReturnType<typeof simulatedSes>
