import { RECIPIENT_MARK } from '../scenario.ts'
import type { Checker } from './evidence.ts'
import { sesCalls } from './ses-calls.ts'

const MARKED = new RegExp(`${RECIPIENT_MARK}-[\\w-]+`, 'gi')

/** Promise 1: every message has one recipient, and no other customer is anywhere in its request. */
export const alone: Checker = {
  name: 'alone',
  check: ({ history }) =>
    sesCalls(history).flatMap(({ entry, mail, text, startedAtMs }) => {
      const recipients = Object.values(mail.Destination).flat()
      const to = mail.Destination['ToAddresses']?.[0]
      if (recipients.length !== 1 || to === undefined) {
        return [{ atMs: startedAtMs, what: `${entry.process} sent a message to ${recipients.length} recipients` }]
      }
      const others = new Set(text.match(MARKED)?.filter(mark => mark !== to.split('@')[0]))
      if (others.size === 0) return []
      return [{ atMs: startedAtMs, what: `${entry.process} named ${[...others]} in the message of ${to}` }]
    }),
}
