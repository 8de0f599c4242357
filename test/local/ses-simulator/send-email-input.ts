import type { SendEmailCommandInput } from '@aws-sdk/client-sesv2'

/** A request as OnlyTo makes it: one recipient, text and HTML, two headers, two tags. */
export function sendEmailInput(to: string, changes: Partial<SendEmailCommandInput> = {}): SendEmailCommandInput {
  return {
    FromEmailAddress: 'Notices <notice@sender.example>',
    Destination: { ToAddresses: [to] },
    ReplyToAddresses: ['help@sender.example'],
    Content: {
      Simple: {
        Subject: { Data: 'The index changes', Charset: 'UTF-8' },
        Body: {
          Text: { Data: 'Dear customer,\nthe index changes.\n', Charset: 'UTF-8' },
          Html: { Data: '<p>Dear customer,<br>the index changes.</p>\n', Charset: 'UTF-8' },
        },
        Headers: [
          { Name: 'List-Unsubscribe', Value: '<https://sender.example/u/1>' },
          { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
        ],
      },
    },
    EmailTags: [
      { Name: 'notice', Value: 'n1' },
      { Name: 'recipient', Value: 'AAAAAAAAAAAAAAAAAAAAAA' },
    ],
    ConfigurationSetName: 'notices',
    ...changes,
  }
}
