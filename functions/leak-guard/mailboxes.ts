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

/** What stands for the address in a mailbox of the form in which a notice's sender is written; any other form, as it is. */
export function addressOfMailbox(text: string): string {
  return WITH_NAME.exec(text)?.[1] ?? text
}
