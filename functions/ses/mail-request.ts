/**
 * The one request that OnlyTo makes of SES, in SES's own words. A list of recipients cannot be expressed: `ToAddresses` is a
 * tuple of one, and there is no other destination, no raw, template or bulk content and no attachment.
 */
export interface MailRequest {
  readonly FromEmailAddress: string
  readonly Destination: { readonly ToAddresses: readonly [string] }
  readonly ReplyToAddresses?: readonly [string]
  readonly Content: {
    readonly Simple: {
      readonly Subject: Utf8Text
      readonly Body: { readonly Text: Utf8Text; readonly Html: Utf8Text }
    }
  }
  readonly EmailTags: readonly { readonly Name: string; readonly Value: string }[]
  readonly ConfigurationSetName: string
}

interface Utf8Text {
  readonly Data: string
  readonly Charset: 'UTF-8'
}

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

export function mailRequest(parts: MailParts): MailRequest {
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

const utf8 = (Data: string): Utf8Text => ({ Data, Charset: 'UTF-8' })

/** An RFC 5322 mailbox; a name beyond ASCII becomes an RFC 2047 word, since SES wants 7-bit addresses. */
function mailbox({ name, address }: MailParts['from']): string {
  if (name === undefined || name === '') return address
  if (!/^[\x20-\x7e]*$/.test(name)) return `=?UTF-8?B?${Buffer.from(name).toString('base64')}?= <${address}>`
  return `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`
}
