import { addressesOfNotice, type Permitted } from '../../../functions/leak-guard/leak-guard.ts'
import type { SimpleMail } from '../../../functions/leak-guard/simple-mail.ts'
import { type MailParts, mailRequest } from '../../../functions/ses/mail-request.ts'

/** Who the message is for. */
export const self = 'jane.doe+news@example.com'
/** A customer whom nobody else may know of. */
export const other = 'other.customer@example.org'
/** Addresses that the approved notice writes. */
export const sender = 'notices@exchange.example'
export const support = 'support@exchange.example'

export const permitted: Permitted = {
  recipient: self,
  noticeAddresses: addressesOfNotice([sender, 'Example Exchange', `Write to ${support}.`]),
}

const parts: MailParts = {
  from: { name: 'Example Exchange', address: sender },
  to: self,
  replyTo: support,
  subject: 'The index changes on Monday',
  text: `Dear Jane,\n\nthe index changes on Monday. Questions: ${support}\n`,
  html: `<p>Dear Jane,</p><p>the index changes on Monday. <a href="mailto:${support}">Questions?</a></p>`,
  tags: { notice: 'n-4v7h2k', batch: 17, attempt: 1, recipient: 'q3Zk0Xv9b1LmT7wRcY2dPf' },
  configurationSet: 'onlyto-notices',
}

/** An honest message, with some parts of it replaced. */
export function honest(changes: Partial<MailParts> = {}): SimpleMail {
  return mailRequest({ ...parts, ...changes })
}

export const withSubject = (subject: string) => honest({ subject })
export const withText = (text: string) => honest({ text: `Dear Jane,\n\n${text}\n` })
export const withHtml = (html: string) => honest({ html: `<p>Dear Jane,</p>${html}` })
export const withFrom = (FromEmailAddress: string) => ({ ...honest(), FromEmailAddress })
export const withReplyTo = (...ReplyToAddresses: readonly unknown[]) => ({ ...honest(), ReplyToAddresses })
export const withTo = (...ToAddresses: readonly unknown[]) => ({ ...honest(), Destination: { ToAddresses } })
export const withDestination = (Destination: unknown) => ({ ...honest(), Destination })
export const withKeys = (keys: Readonly<Record<string, unknown>>) => ({ ...honest(), ...keys })
export const withTag = (Value: unknown, Name: unknown = 'campaign') => ({
  ...honest(),
  EmailTags: [...honest().EmailTags, { Name, Value }],
})
export const withSimple = (keys: Readonly<Record<string, unknown>>) => ({
  ...honest(),
  Content: { Simple: { ...honest().Content.Simple, ...keys } },
})
