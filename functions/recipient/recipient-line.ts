import { type Recipient, recipientSchema } from './recipient.ts'

/** One line of the recipients object, with its line feed. The same recipient always gives the same bytes. */
export function encodeRecipientLine({ address, key, locale, variables, seal }: Recipient): string {
  return `${JSON.stringify({ address, key, locale, variables, seal })}\n`
}

/** How the line of an address begins, and of no other. */
export function beginRecipientLine(address: string): string {
  return `{"address":${JSON.stringify(address)},"key":"`
}

export function decodeRecipientLine(line: string): Recipient {
  return recipientSchema.parse(JSON.parse(line))
}
