import type { SendEmailRequest } from '../request/send-email-request.ts'

/** One accepted message, as its events speak of it. */
export interface EventSubject {
  readonly messageId: string
  readonly acceptedAtMs: number
  readonly from: { readonly address: string; readonly domain: string }
  readonly recipients: readonly string[]
  readonly request: SendEmailRequest
  readonly region: string
}

export const simulatedEventTypes = ['Send', 'Delivery', 'Bounce', 'Complaint', 'Reject', 'DeliveryDelay'] as const
export type SesEventType = (typeof simulatedEventTypes)[number]

export const ACCOUNT_ID = '123456789012'
const HEADERS_MAX_CHARACTERS = 10_240

/** The `mail` object that all events of a message share, as JSON in ASCII. Shape: SES's "Event record contents" for SNS. */
export function mailJson(subject: EventSubject): string {
  const { messageId, request, from, region, acceptedAtMs } = subject
  const all = headersOf(subject)
  const headers = truncated(all)
  return asciiJson({
    timestamp: new Date(acceptedAtMs).toISOString(),
    source: request.FromEmailAddress,
    sourceArn: `arn:aws:ses:${region}:${ACCOUNT_ID}:identity/${from.domain}`,
    sendingAccountId: ACCOUNT_ID,
    messageId,
    destination: subject.recipients,
    headersTruncated: headers.length < all.length,
    headers,
    commonHeaders: commonHeadersOf(subject),
    tags: tagsOf(subject),
  })
}

/** One event as SES publishes it. */
export function eventJson(eventType: SesEventType, mail: string, detail: object): string {
  const member = eventType.charAt(0).toLowerCase() + eventType.slice(1)
  return `{"eventType":"${eventType}","mail":${mail},"${member}":${asciiJson(detail)}}`
}

/** JSON does not care, some queues refuse astral characters, and texts without others take half the room on their way. */
function asciiJson(value: object): string {
  const json = JSON.stringify(value)
  if (!/\P{ASCII}/u.test(json)) return json
  return json.replaceAll(/[^ -~]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

interface Header {
  readonly name: string
  readonly value: string
}

function headersOf({ request, messageId }: EventSubject): readonly Header[] {
  const { ToAddresses = [], CcAddresses = [] } = request.Destination ?? {}
  const lists = [
    { name: 'From', value: request.FromEmailAddress ?? '' },
    { name: 'Reply-To', value: (request.ReplyToAddresses ?? []).join(', ') },
    { name: 'To', value: ToAddresses.join(', ') },
    { name: 'Cc', value: CcAddresses.join(', ') },
  ].filter(({ value }) => value !== '')
  return [
    ...lists,
    { name: 'Subject', value: request.Content.Simple?.Subject.Data ?? '' },
    ...(request.Content.Simple?.Headers ?? []).map(({ Name, Value }) => ({ name: Name, value: Value })),
    { name: 'MIME-Version', value: '1.0' },
    { name: 'Content-Type', value: `multipart/alternative; boundary="--_NmP-${messageId}-Part_1"` },
  ]
}

function truncated(headers: readonly Header[]): readonly Header[] {
  let characters = 0
  return headers.filter(({ name, value }) => {
    characters += name.length + value.length
    return characters <= HEADERS_MAX_CHARACTERS
  })
}

function commonHeadersOf({ request, messageId, acceptedAtMs }: EventSubject): object {
  const { ToAddresses, CcAddresses, BccAddresses } = request.Destination ?? {}
  return {
    from: [request.FromEmailAddress],
    replyTo: request.ReplyToAddresses,
    date: new Date(acceptedAtMs).toUTCString(),
    to: ToAddresses,
    cc: CcAddresses,
    bcc: BccAddresses,
    messageId,
    subject: request.Content.Simple?.Subject.Data,
  }
}

function tagsOf({ request, from }: EventSubject): Record<string, readonly string[]> {
  return {
    'ses:operation': ['SendEmail'],
    'ses:configuration-set': [request.ConfigurationSetName ?? ''],
    'ses:source-ip': ['127.0.0.1'],
    'ses:from-domain': [from.domain],
    'ses:caller-identity': ['onlyto-local'],
    ...Object.fromEntries((request.EmailTags ?? []).map(({ Name, Value }) => [Name, [Value]])),
  }
}
