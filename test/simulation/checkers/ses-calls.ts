import * as z from 'zod'
import type { ExchangeEntry, History } from '../history.ts'

const mailSchema = z.object({
  FromEmailAddress: z.string(),
  Destination: z.record(z.string(), z.array(z.string())),
  Content: z.object({
    Simple: z.object({
      Subject: z.object({ Data: z.string() }),
      Body: z.object({ Text: z.object({ Data: z.string() }), Html: z.object({ Data: z.string() }) }),
    }),
  }),
  EmailTags: z.array(z.object({ Name: z.string(), Value: z.string() })),
})

/** One call of SendEmail, as the wire saw it. */
export interface SesCall {
  readonly entry: ExchangeEntry
  /** The whole request. */
  readonly text: string
  readonly mail: z.infer<typeof mailSchema>
  readonly noticeId: string
  readonly batch: number
  readonly recipientKey: string
  readonly attempt: number
  readonly startedAtMs: number
  /** Of a call that SES accepted, whether or not it could say so. */
  readonly accepted: { readonly messageId: string; readonly atMs: number } | undefined
}

const known = new WeakMap<History, readonly SesCall[]>()

/** Every call of SendEmail, in the order in which they began. */
export function sesCalls(history: History): readonly SesCall[] {
  const before = known.get(history)
  if (before !== undefined) return before
  const calls = history.entries.flatMap(entry =>
    entry.kind === 'exchange' && entry.operation === 'SendEmail' ? [toCall(entry)] : [],
  )
  known.set(history, calls)
  return calls
}

function toCall(entry: ExchangeEntry): SesCall {
  const text = Buffer.from(entry.request.body).toString()
  const mail = mailSchema.parse(JSON.parse(text))
  const tag = (name: string) => mail.EmailTags.find(({ Name }) => Name === name)?.Value ?? ''
  return {
    entry,
    text,
    mail,
    noticeId: tag('notice'),
    batch: Number(tag('batch')),
    recipientKey: tag('recipient'),
    attempt: Number(tag('attempt')),
    startedAtMs: entry.atMs,
    accepted: acceptedOf(entry),
  }
}

function acceptedOf({ served, arrivedAtMs }: ExchangeEntry): SesCall['accepted'] {
  if (served === undefined || arrivedAtMs === undefined) return undefined
  // An answer that never comes has status 0: what it would have said is among the messages that SES has accepted.
  const messageId = /"MessageId":"([^"]+)"/.exec(Buffer.from(served.body).toString())?.[1]
  return served.status === 200 && messageId !== undefined ? { messageId, atMs: arrivedAtMs } : undefined
}
