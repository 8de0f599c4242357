import * as z from 'zod'

const counts = z.object({ accepted: z.number(), throttled: z.number(), refused: z.number() })
export type SesCounts = z.infer<typeof counts>
const arrival = z.object({ atMs: z.number(), accepted: z.boolean(), addresses: z.number() })
export type SesArrival = z.infer<typeof arrival>

/** What the SES simulator itself has seen, whatever OnlyTo says. */
export function drilledSes(sesUrl: string) {
  async function ask(what: string, method = 'GET'): Promise<string> {
    const response = await fetch(`${sesUrl}/_simulator/${what}`, { method })
    if (!response.ok) throw new Error(`The SES simulator answered ${response.status} to ${method} ${what}.`)
    return response.text()
  }
  return {
    counts: async (): Promise<SesCounts> => counts.parse(JSON.parse(await ask('stats'))),
    /** Every request of the last minute, whatever became of it. */
    arrivals: async (): Promise<readonly SesArrival[]> =>
      (await ask('arrivals')).split('\n').flatMap(line => (line === '' ? [] : [arrival.parse(JSON.parse(line))])),
    forget: () => ask('messages', 'DELETE'),
  }
}

export type DrilledSes = ReturnType<typeof drilledSes>
