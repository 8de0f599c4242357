import { maskedExcerpt } from './excerpt.ts'
import { findAddresses } from './find-addresses.ts'
import type { Finding, LeakRule } from './rules.ts'
import { type SimpleMail, simpleMailSchema } from './simple-mail.ts'

/**
 * The check that every request passes before SES sees it. A closed world: exactly one recipient, the one that the batch claims,
 * and no address anywhere but this recipient's and those written in the approved notice. Imports nothing of AWS and trusts
 * nothing of the code that made the request.
 */
export type Inspection =
  | { readonly kind: 'passed'; readonly request: SimpleMail }
  | ({ readonly kind: 'refused' } & Finding)

export interface Permitted {
  /** The normalised address of the one recipient. */
  readonly recipient: string
  /** Lower case: the sender, the reply-to and every address in the notice's own templates. */
  readonly noticeAddresses: ReadonlySet<string>
}

/** The addresses that a notice itself writes, and that its messages may therefore show. */
export function addressesOfNotice(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap(findAddresses))
}

export function inspectRequest(request: unknown, permitted: Permitted): Inspection {
  const parsed = simpleMailSchema.safeParse(request)
  if (!parsed.success) return misshapen(parsed.error.issues[0]?.path ?? [])
  const { Destination, Content, FromEmailAddress, ReplyToAddresses = [], EmailTags } = parsed.data

  const [recipient] = Destination.ToAddresses
  if (recipient !== permitted.recipient) return refused('right-recipient', TO, recipient)

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
  if (controlled !== undefined) return refused('control-character', ...controlled)

  const { Text, Html } = Content.Simple.Body
  const texts = { ...headers, 'Content.Simple.Body.Text': Text.Data, 'Content.Simple.Body.Html': Html.Data }
  const leaking = Object.entries(texts).find(([, text]) =>
    findAddresses(text).some(found => !isPermitted(found, permitted)),
  )
  return leaking === undefined ? { kind: 'passed', request: parsed.data } : refused('foreign-address', ...leaking)
}

const TO = 'Destination.ToAddresses'

function misshapen(path: readonly PropertyKey[]): Inspection {
  const field = path.map(String).join('.')
  return refused(field.startsWith(TO) ? 'one-recipient' : 'closed-request', field, '')
}

function refused(rule: LeakRule, field: string, text: string): Inspection {
  return { kind: 'refused', rule, field, excerpt: maskedExcerpt(text, Math.max(0, text.indexOf('@'))) }
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
