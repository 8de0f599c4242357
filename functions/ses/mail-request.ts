import type { SimpleMail } from '../leak-guard/simple-mail.ts'

export interface MailParts {
  readonly from: { readonly name?: string | undefined; readonly address: string }
  readonly to: string
  readonly replyTo: string | undefined
  readonly subject: string
  readonly text: string
  readonly html: string
  /** What SES's events name the message by. `attempt` is the number of the claim under which it was made. */
  readonly tags: {
    readonly notice: string
    readonly batch: number
    readonly attempt: number
    readonly recipient: string
  }
  readonly configurationSet: string
}

/** The one request that OnlyTo makes of SES. */
export function mailRequest(parts: MailParts): SimpleMail {
  return {
    FromEmailAddress: mailbox(parts.from),
    Destination: { ToAddresses: [parts.to] },
    ...(parts.replyTo !== undefined && { ReplyToAddresses: [parts.replyTo] as const }),
    Content: {
      Simple: { Subject: utf8(parts.subject), Body: { Text: utf8(parts.text), Html: utf8(parts.html) } },
    },
    EmailTags: [
      { Name: 'notice', Value: parts.tags.notice },
      { Name: 'batch', Value: String(parts.tags.batch) },
      { Name: 'attempt', Value: String(parts.tags.attempt) },
      { Name: 'recipient', Value: parts.tags.recipient },
    ],
    ConfigurationSetName: parts.configurationSet,
  }
}

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' as const })

/** An RFC 5322 mailbox; a name beyond ASCII becomes an RFC 2047 word, since SES wants 7-bit addresses. */
function mailbox({ name, address }: MailParts['from']): string {
  if (name === undefined || name === '') return address
  if (!/^[\x20-\x7e]*$/.test(name)) return `=?UTF-8?B?${Buffer.from(name).toString('base64')}?= <${address}>`
  return `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`
}
