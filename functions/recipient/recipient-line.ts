import { type Recipient, recipientSchema } from './recipient.ts'

/** One line of the recipients object, with its line feed. The same recipient always gives the same bytes. */
export function encodeRecipientLine({ address, key, locale, variables }: Recipient): string {
  return `${JSON.stringify({ address, key, locale, variables })}\n`
}

export function decodeRecipientLine(line: string): Recipient {
  return recipientSchema.parse(JSON.parse(line))
}
