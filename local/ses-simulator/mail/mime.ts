import MailComposer from 'nodemailer/lib/mail-composer'
import { foldLines } from 'nodemailer/lib/mime-funcs'
import { reparseSendEmail } from '../request/send-email-request.ts'
import type { StoredMessage } from './message-spool.ts'

/**
 * The message that a recipient's mailbox gets, made from the request as it was kept: the same bytes every time.
 * Addresses stand in it as the sender wrote them, read by no other parser; Bcc recipients do not stand in it.
 */
export async function composeMime({ messageId, acceptedAtMs, request: json }: StoredMessage): Promise<Buffer> {
  const request = reparseSendEmail(json)
  const { ToAddresses = [], CcAddresses = [] } = request.Destination ?? {}
  const { Subject, Body, Headers = [] } = request.Content.Simple ?? {}
  const head = [
    header('From', request.FromEmailAddress ?? ''),
    header('To', ToAddresses.join(', ')),
    header('Cc', CcAddresses.join(', ')),
    header('Reply-To', (request.ReplyToAddresses ?? []).join(', ')),
    ...Headers.map(({ Name, Value }) => header(Name, Value)),
    header('Feedback-ID', '::1.us-east-1.onlyto-local:AmazonSES'),
  ]
  const rest = new MailComposer({
    subject: Subject?.Data ?? '',
    ...(Body?.Text === undefined ? {} : { text: Body.Text.Data }),
    ...(Body?.Html === undefined ? {} : { html: Body.Html.Data }),
    messageId: `<${messageId}@email.amazonses.com>`,
    date: new Date(acceptedAtMs),
    baseBoundary: messageId,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return Buffer.concat([Buffer.from(head.join('')), await rest.compile().build()])
}

function header(name: string, value: string): string {
  return value === '' ? '' : `${foldLines(`${name}: ${value}`, 76)}\r\n`
}
