/** A dot-atom at a host, without a name, a comment, a quote or a list around it. All that parseAddress lets through has this form. */
const ATOM = "[A-Za-z0-9#$&'*+/=?^_`{|}~-]+"
const BARE = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:[A-Za-z0-9-]+\\.)+[A-Za-z0-9-]+$`)
const LONGEST_ADDRESS = 254
/** `"Name" <address>` or `=?UTF-8?B?…?= <address>`: the forms that `mailRequest` writes. */
const WITH_NAME = /^(?:"(?:[^"\\]|\\["\\])*"|=\?UTF-8\?B\?[A-Za-z0-9+/]+=*\?=) <([^<>]+)>$/

/** Whether a text is one plain address and nothing else. */
export function isBareMailbox(text: string): boolean {
  return text.length <= LONGEST_ADDRESS && BARE.test(text)
}

/** The address of a mailbox in the form in which a notice's sender is written; undefined for any other form. */
export function addressOfMailbox(text: string): string | undefined {
  return bareAddress(WITH_NAME.exec(text)?.[1] ?? text)
}

export function bareAddress(text: string): string | undefined {
  return isBareMailbox(text) ? text.toLowerCase() : undefined
}
