import * as z from 'zod'
import { findAddresses } from './find-addresses.ts'

/**
 * The check that every request passes before SES sees it. A closed world: exactly one recipient, the one that the batch claims,
 * and no address anywhere but this recipient's and those written in the approved notice. Imports nothing of AWS and trusts
 * nothing of the code that made the request.
 */
export type Verdict =
  | { readonly kind: 'passed' }
  /** `field` is a path in the request. Neither holds anything of the message itself. */
  | { readonly kind: 'refused'; readonly rule: LeakRule; readonly field: string }

export type LeakRule = 'closed-request' | 'one-recipient' | 'right-recipient' | 'foreign-address' | 'control-character'

export interface Permitted {
  /** The normalised address of the one recipient. */
  readonly recipient: string
  /** Lower case: the sender, the reply-to and every address in the notice's own templates. */
  readonly noticeAddresses: ReadonlySet<string>
}

const utf8 = z.strictObject({ Data: z.string(), Charset: z.literal('UTF-8') })

const requestSchema = z.strictObject({
  FromEmailAddress: z.string(),
  Destination: z.strictObject({ ToAddresses: z.array(z.string()) }),
  ReplyToAddresses: z.array(z.string()).max(1).optional(),
  Content: z.strictObject({
    Simple: z.strictObject({ Subject: utf8, Body: z.strictObject({ Text: utf8, Html: utf8 }) }),
  }),
  EmailTags: z.array(z.strictObject({ Name: z.string(), Value: z.string() })),
  ConfigurationSetName: z.string(),
})

/** The addresses that a notice itself writes, and that its messages may therefore show. */
export function addressesOfNotice(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap(findAddresses))
}

export function inspectRequest(request: unknown, permitted: Permitted): Verdict {
  const parsed = requestSchema.safeParse(request)
  if (!parsed.success) return refused('closed-request', parsed.error.issues[0]?.path.join('.') ?? '')
  const { Destination, Content, FromEmailAddress, ReplyToAddresses = [], EmailTags } = parsed.data

  const [recipient] = Destination.ToAddresses
  if (Destination.ToAddresses.length !== 1) return refused('one-recipient', 'Destination.ToAddresses')
  if (recipient !== permitted.recipient) return refused('right-recipient', 'Destination.ToAddresses')

  const headers = {
    FromEmailAddress,
    'Content.Simple.Subject': Content.Simple.Subject.Data,
    ...named('ReplyToAddresses', ReplyToAddresses),
    ...named(
      'EmailTags',
      EmailTags.flatMap(({ Name, Value }) => [Name, Value]),
    ),
  }
  const controlled = Object.entries(headers).find(([, text]) => hasControlCharacter(text))
  if (controlled !== undefined) return refused('control-character', controlled[0])

  const { Text, Html } = Content.Simple.Body
  const texts = { ...headers, 'Content.Simple.Body.Text': Text.Data, 'Content.Simple.Body.Html': Html.Data }
  const leaking = Object.entries(texts).find(([, text]) =>
    findAddresses(text).some(found => !isPermitted(found, permitted)),
  )
  return leaking === undefined ? { kind: 'passed' } : refused('foreign-address', leaking[0])
}

function refused(rule: LeakRule, field: string): Verdict {
  return { kind: 'refused', rule, field }
}

function named(field: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map((text, index) => [`${field}.${index}`, text]))
}

function hasControlCharacter(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text)
}

/** Characters that may stand before an address in a link and are not taken for its beginning, as in `?to=jane@example.com`. */
const BEFORE_AN_ADDRESS = /[=?&/'`{|}!#$%*^~]$/

function isPermitted(found: string, { recipient, noticeAddresses }: Permitted): boolean {
  if (found === recipient || noticeAddresses.has(found)) return true
  for (const address of [recipient, ...noticeAddresses]) {
    if (found.endsWith(address) && BEFORE_AN_ADDRESS.test(found.slice(0, -address.length))) return true
  }
  return false
}
