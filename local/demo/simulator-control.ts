import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import * as z from 'zod'
import type { WireMessage } from './message-inspection.ts'

const statsSchema = z.object({ accepted: z.number(), throttled: z.number() })
export type SimulatorCounts = z.infer<typeof statsSchema>

const messageSchema = z.object({
  messageId: z.string(),
  envelope: z.object({ from: z.string(), to: z.array(z.string()) }),
  mime: z.base64(),
})

/** What the SES simulator counted by itself. */
export async function readSimulatorCounts(sesUrl: string): Promise<SimulatorCounts> {
  return statsSchema.parse(await (await open(sesUrl, 'stats')).json())
}

/** Every message that SES would have delivered, one at a time. */
export async function* readWireMessages(sesUrl: string): AsyncGenerator<WireMessage> {
  const { body } = await open(sesUrl, 'messages')
  if (body === null) return
  const lines = createInterface({
    input: Readable.fromWeb(body),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  for await (const line of lines) {
    if (line === '') continue
    const { messageId, envelope, mime } = messageSchema.parse(JSON.parse(line))
    yield { messageId, envelope, mime: Buffer.from(mime, 'base64') }
  }
}

async function open(sesUrl: string, what: string): Promise<Response> {
  const response = await fetch(`${sesUrl}/_simulator/${what}`)
  if (!response.ok) throw new Error(`The SES simulator answered ${response.status} when asked for its ${what}.`)
  return response
}
