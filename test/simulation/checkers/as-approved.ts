import { stack } from '../rooms.ts'
import { content, type Person } from '../scenario.ts'
import type { Checker } from './evidence.ts'
import { type SesCall, sesCalls } from './ses-calls.ts'

/** Promise 6: what is sent, and to whom, is what was approved: rendered here once more, by other means. */
export const asApproved: Checker = {
  name: 'as approved',
  check: ({ history, operated }) => {
    const approved = new Map(
      operated.map(({ noticeId, planned }) => [
        noticeId,
        new Map(planned.people.map(person => [person.address, person])),
      ]),
    )
    const keys = new Map<string, string>()
    return sesCalls(history).flatMap(call => {
      const [to = ''] = call.mail.Destination['ToAddresses'] ?? []
      const found = (what: string) => [
        { atMs: call.startedAtMs, what: `${call.entry.process} sent ${call.noticeId} to ${to}: ${what}` },
      ]
      const person = approved.get(call.noticeId)?.get(to)
      if (person === undefined) return found('who is not in the approved audience')
      const named = keys.get(`${call.noticeId} ${call.recipientKey}`) ?? to
      keys.set(`${call.noticeId} ${call.recipientKey}`, named)
      if (named !== to) return found(`under the key of ${named}`)
      return isAsWritten(call, person) ? [] : found('other than it was approved')
    })
  },
}

const { subject, text, html } = content.variants.en
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#x27;',
  '"': '&quot;',
}
const escaped = (name: string) => name.replace(/[&<>'"]/g, character => ENTITIES[character] ?? character)

function isAsWritten({ mail }: SesCall, { name }: Person): boolean {
  const { Subject, Body } = mail.Content.Simple
  return (
    mail.FromEmailAddress === stack.sender &&
    Subject.Data === subject &&
    Body.Text.Data === text.replace('{{name}}', () => name) &&
    Body.Html.Data === html.replace('{{name}}', () => escaped(name))
  )
}
