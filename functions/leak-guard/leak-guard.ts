import type * as z from 'zod'
import { hasUnreadableWord } from './encoded-words.ts'
import { maskedExcerpt } from './excerpt.ts'
import { addressOfMailbox, isBareMailbox } from './mailboxes.ts'
import type { Permitted } from './permitted.ts'
import { plainReading } from './plain-reading.ts'
import type { Finding, LeakRule } from './rules.ts'
import { otherFields, type SimpleMail, simpleMailSchema } from './simple-mail.ts'
import { inspectText } from './text-inspection.ts'

export type { Permitted } from './permitted.ts'
export { addressesOfNotice } from './text-inspection.ts'

/**
 * The check that every request passes before SES sees it. A closed world: exactly one recipient, the one that the batch claims,
 * and no address anywhere but this recipient's and those written in the approved notice. Imports nothing of AWS and trusts
 * nothing of the code that made the request.
 */
export type Inspection =
  | { readonly kind: 'passed'; readonly request: SimpleMail }
  | ({ readonly kind: 'refused' } & Finding)

/** What passes is a copy: nothing of the object that was given can change it, or make it say something else when it is sent. */
export function inspectRequest(request: unknown, permitted: Permitted): Inspection {
  const parsed = simpleMailSchema.safeParse(request)
  if (!parsed.success) return { kind: 'refused', ...misshapen(parsed.error) }
  const found = findingIn(parsed.data, permitted)
  return found === undefined ? { kind: 'passed', request: parsed.data } : { kind: 'refused', ...found }
}

/** What is wrong with the mere form of a request. */
export function misshapenBy(request: unknown): Finding | undefined {
  const parsed = simpleMailSchema.safeParse(request)
  return parsed.success ? undefined : misshapen(parsed.error)
}

const TO = 'Destination.ToAddresses'
const FROM = 'FromEmailAddress'

/** The name of a field that SES does not have may hold anything, so that only the path to it is told. */
function misshapen({ issues }: z.ZodError): Finding {
  const field = issues.slice(0, 1).flatMap(pathTo).map(String).join('.')
  return { rule: field.startsWith(TO) ? 'one-recipient' : 'closed-request', field, excerpt: '' }
}

function pathTo(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.filter(key => otherFields.has(key)) : []
  return [...issue.path, ...unknown.slice(0, 1)]
}

function findingIn(mail: SimpleMail, permitted: Permitted): Finding | undefined {
  const [to] = mail.Destination.ToAddresses
  if (to !== permitted.recipient) return finding('right-recipient', TO, to)
  if (!isBareMailbox(to)) return finding('one-recipient', TO, to)
  const { FromEmailAddress, ReplyToAddresses = [], Content } = mail
  return (
    findingInMailbox(FROM, FromEmailAddress, addressOfMailbox(FromEmailAddress), permitted) ??
    ReplyToAddresses.map(reply => findingInMailbox('ReplyToAddresses.0', reply, reply, permitted))[0] ??
    findingInHeader('Content.Simple.Subject', Content.Simple.Subject.Data, permitted) ??
    findingInNames(mail) ??
    findingInBodies(mail, permitted)
  )
}

/** Where the message comes from, or where answers go: one mailbox of the notice, and a name that shows nobody else. */
function findingInMailbox(field: string, text: string, address: string, permitted: Permitted): Finding | undefined {
  const isOfNotice = isBareMailbox(address) && permitted.noticeAddresses.has(address.toLowerCase())
  if (isOfNotice && address.length === text.length) return undefined
  return findingInHeader(field, text, permitted) ?? (isOfNotice ? undefined : finding('notice-mailbox', field, text))
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/

function findingInHeader(field: string, text: string, permitted: Permitted): Finding | undefined {
  if (CONTROL.test(text)) return finding('control-character', field, text)
  if (hasUnreadableWord(text)) return finding('hidden-text', field, text)
  if (plainReading(text)?.match(/[\r\n]/)) return finding('control-character', field, text)
  const found = inspectText(text, permitted)
  return found && { field, ...found }
}

/**
 * Tags and the configuration set, which have letters, digits and two signs alone. SES publishes them with its events: not even the
 * recipient's own address may be in one.
 */
function findingInNames({ EmailTags, ConfigurationSetName }: SimpleMail): Finding | undefined {
  for (const { Name, Value } of EmailTags) {
    const found = inspectText(Value, nobody)
    if (found !== undefined) return { field: `EmailTags.${Name}`, ...found }
  }
  const found = inspectText(ConfigurationSetName, nobody)
  return found && { field: 'ConfigurationSetName', ...found }
}

const nobody: Permitted = { recipient: '', noticeAddresses: new Set() }

function findingInBodies({ Content }: SimpleMail, permitted: Permitted): Finding | undefined {
  const { Text, Html } = Content.Simple.Body
  const inText = inspectText(Text.Data, permitted)
  if (inText !== undefined) return { field: 'Content.Simple.Body.Text', ...inText }
  const inHtml = inspectText(Html.Data, permitted)
  return inHtml && { field: 'Content.Simple.Body.Html', ...inHtml }
}

function finding(rule: LeakRule, field: string, text: string): Finding {
  return { rule, field, excerpt: maskedExcerpt(text, text.indexOf('@')) }
}
