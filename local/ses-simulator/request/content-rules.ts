import type { SendEmailRequest, SimpleContent, TextContent } from './send-email-request.ts'
import { badRequest, type SesError } from './ses-error.ts'

/** Sources: the field documentation of SESv2 MessageHeader, MessageTag and Content. */
const HEADERS_MAX = 15
const HEADER_NAME_MAX = 126
const HEADER_VALUE_MAX = 995
const HEADER_MAX = 996
const TAG = /^[A-Za-z0-9_-]{1,256}$/
const MESSAGE_BYTES_MAX = 40 * 1024 * 1024

/** Base64 with a line break every 76 characters. */
const BASE64_GROWTH = (4 / 3) * (78 / 76)

/** What SES writes itself, or takes from other members of the request. */
const reservedHeaders = new Set([
  'from',
  'sender',
  'to',
  'cc',
  'bcc',
  'reply-to',
  'return-path',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'dkim-signature',
  'received',
  'feedback-id',
])

/** The one form of content that OnlyTo sends. */
export function simpleContentOf({ Content }: SendEmailRequest): { kind: 'simple'; simple: SimpleContent } | SesError {
  const forms = [Content.Simple, Content.Raw, Content.Template].filter(form => form !== undefined)
  if (forms.length !== 1) return badRequest('Exactly one of Simple, Raw and Template must be given in Content.')
  if (Content.Simple === undefined) return badRequest('Raw and Template content is not supported by this simulator.')
  if (Content.Simple.Attachments !== undefined && Content.Simple.Attachments.length > 0) {
    return badRequest('Attachments are not supported by this simulator.')
  }
  return { kind: 'simple', simple: Content.Simple }
}

export function faultOfContent({ Subject, Body, Headers = [] }: SimpleContent): SesError | undefined {
  if (Subject.Data === '') return badRequest('The subject must not be empty.')
  if (/\p{Cc}/u.test(Subject.Data)) return badRequest('The subject contains control characters.')
  if (Body.Text === undefined && Body.Html === undefined) return badRequest('The body needs a text or an HTML part.')
  for (const [name, part] of [['Text', Body.Text] as const, ['Html', Body.Html] as const]) {
    if (part?.Data === '') return badRequest(`The ${name} part must not be empty.`)
    if (part !== undefined && /[^\P{Cc}\t\n\r]/u.test(part.Data)) {
      return badRequest(`The ${name} part contains control characters.`)
    }
  }
  return (
    faultOfCharset('Subject', Subject) ??
    faultOfCharset('Text', Body.Text) ??
    faultOfCharset('Html', Body.Html) ??
    faultOfHeaders(Headers) ??
    faultOfSize(Subject, Body)
  )
}

/** Without a charset SES takes 7-bit ASCII and spoils the rest, which no sender can want. */
function faultOfCharset(part: string, content: TextContent | undefined): SesError | undefined {
  if (content === undefined) return undefined
  const charset = (content.Charset ?? 'US-ASCII').toUpperCase()
  if (charset !== 'US-ASCII' && charset !== 'UTF-8') return badRequest(`The charset of ${part} is not supported.`)
  if (!content.Data.isWellFormed()) return badRequest(`${part} contains half of a surrogate pair.`)
  if (charset === 'US-ASCII' && /\P{ASCII}/u.test(content.Data)) {
    return badRequest(`${part} contains characters outside of US-ASCII: give its Charset.`)
  }
  return undefined
}

function faultOfHeaders(headers: NonNullable<SimpleContent['Headers']>): SesError | undefined {
  if (headers.length > HEADERS_MAX) return badRequest(`A message can have at most ${HEADERS_MAX} headers.`)
  for (const { Name, Value } of headers) {
    if (Name === '') return badRequest('Empty header names are illegal.')
    if (Name.length > HEADER_NAME_MAX) return badRequest(`A header name is longer than ${HEADER_NAME_MAX} characters.`)
    if (!/^[!-9;-~]+$/.test(Name)) return badRequest('A header name contains illegal characters.')
    if (reservedHeaders.has(Name.toLowerCase()) || /^x-ses-/i.test(Name)) {
      return badRequest(`The header ${Name} cannot be given in Headers.`)
    }
    if (!/^[ -~]+$/.test(Value)) return badRequest(`The value of header ${Name} is empty or not printable ASCII.`)
    if (Value.length > HEADER_VALUE_MAX) {
      return badRequest(`The value of header ${Name} is longer than ${HEADER_VALUE_MAX} characters.`)
    }
    if (Name.length + Value.length > HEADER_MAX) {
      return badRequest(`Name and value of header ${Name} are longer than ${HEADER_MAX} characters.`)
    }
  }
  return undefined
}

/** An upper bound of the MIME message's size: every part in base64. */
function faultOfSize(subject: TextContent, { Text, Html }: SimpleContent['Body']): SesError | undefined {
  const bytes = [subject, Text, Html].reduce((sum, part) => sum + Buffer.byteLength(part?.Data ?? ''), 0)
  const messageBytes = Math.ceil(bytes * BASE64_GROWTH)
  if (messageBytes <= MESSAGE_BYTES_MAX) return undefined
  return badRequest(`Message length is more than ${MESSAGE_BYTES_MAX} bytes long: '${messageBytes}'.`)
}

export function faultOfTags(tags: NonNullable<SendEmailRequest['EmailTags']>): SesError | undefined {
  for (const { Name, Value } of tags) {
    if (!TAG.test(Name)) return badRequest(`Invalid tag name: 1 to 256 of A-Z, a-z, 0-9, '_' and '-' are allowed.`)
    if (!TAG.test(Value))
      return badRequest(`Invalid value of tag ${Name}: 1 to 256 of A-Z, a-z, 0-9, '_' and '-' are allowed.`)
  }
  const names = new Set(tags.map(({ Name }) => Name))
  return names.size === tags.length ? undefined : badRequest('A tag name is given more than once.')
}
