import MailComposer from 'nodemailer/lib/mail-composer'
import { reparseSendEmail } from '../request/send-email-request.ts'
import type { StoredMessage } from './message-spool.ts'

/**
 * The message that a recipient's mailbox gets, made from the request as it was kept: the same bytes every time.
 * Addresses stand in it as the sender wrote them; Bcc recipients do not stand in it.
 */
export async function composeMime({ messageId, acceptedAtMs, request: json }: StoredMessage): Promise<Buffer> {
  const request = reparseSendEmail(json)
  const { ToAddresses = [], CcAddresses = [] } = request.Destination ?? {}
  const { Subject, Body, Headers = [] } = request.Content.Simple ?? {}
  const headers = [
    { name: 'From', value: request.FromEmailAddress ?? '' },
    { name: 'To', value: ToAddresses.join(', ') },
    { name: 'Cc', value: CcAddresses.join(', ') },
    { name: 'Reply-To', value: (request.ReplyToAddresses ?? []).join(', ') },
    ...Headers.map(({ Name, Value }) => ({ name: Name, value: Value })),
    { name: 'Feedback-ID', value: '::1.us-east-1.onlyto-local:AmazonSES' },
  ].filter(({ value }) => value !== '')
  const message = new MailComposer({
    subject: Subject?.Data ?? '',
    ...(Body?.Text === undefined ? {} : { text: Body.Text.Data }),
    ...(Body?.Html === undefined ? {} : { html: Body.Html.Data }),
    messageId: `<${messageId}@email.amazonses.com>`,
    date: new Date(acceptedAtMs),
    headers: headers.map(({ name, value }) => ({ key: name, value: { prepared: true, foldLines: true, value } })),
    baseBoundary: messageId,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return await message.compile().build()
}
