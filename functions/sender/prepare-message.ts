import { InspectedMail } from '../leak-guard/inspected-mail.ts'
import type { Finding } from '../leak-guard/rules.ts'
import type { SimpleMail } from '../leak-guard/simple-mail.ts'
import type { BatchRow } from '../ledger/batch.ts'
import type { Outcome } from '../ledger/delivery.ts'
import type { AudienceRow } from '../recipient/recipient.ts'
import { type MadeFrom, renderMessage } from '../rendering/render.ts'
import { mailRequest } from '../ses/mail-request.ts'
import type { Sendable } from './plan-batch.ts'
import type { SendableNotice } from './sendable-notice.ts'

/** A message that the leak guard has let pass, or the reason why there is none. */
export type Prepared =
  | (Sendable & { readonly kind: 'ready'; readonly mail: InspectedMail; readonly locale: string })
  | (Sendable & { readonly kind: 'refused'; readonly outcome: Extract<Outcome, { kind: 'rejected' }> })
  | (Sendable & { readonly kind: 'unrenderable'; readonly outcome: Extract<Outcome, { kind: 'failed' }> })

/**
 * Renders one recipient's message, has the guard inspect the very request that SES would get, and checks that all of it comes
 * from one row of the audience.
 */
export function prepareMessage(
  { notice, content, seal, noticeAddresses }: SendableNotice,
  { batch, attempt }: Pick<BatchRow, 'batch' | 'attempt'>,
  sendable: Sendable,
  configurationSet: string,
): Prepared {
  const { recipient } = sendable
  const rendering = renderMessage(content, recipient)
  if (rendering.kind === 'failed') {
    return { ...sendable, kind: 'unrenderable', outcome: { kind: 'failed', reason: rendering.reason, passing: false } }
  }
  const request = mailRequest({
    from: notice.from,
    to: recipient.address,
    replyTo: notice.replyTo,
    subject: rendering.subject,
    text: rendering.text,
    html: rendering.html,
    tags: { notice: notice.noticeId, batch, attempt, recipient: recipient.key },
    configurationSet,
  })
  const verdict = InspectedMail.inspect(request, { recipient: recipient.address, noticeAddresses })
  if (verdict.kind === 'refused') return refused(sendable, verdict)
  const { mail } = verdict
  if (seal(rowOf(mail.request, rendering.madeFrom)) !== recipient.seal) return refused(sendable, crossedRow)
  return { ...sendable, kind: 'ready', mail, locale: rendering.locale }
}

const crossedRow: Finding = { rule: 'crossed-row', field: 'seal', excerpt: '' }

/** The row that a message shows: to whom it goes and under which key, and what it was made from. */
function rowOf({ Destination, EmailTags }: SimpleMail, { locale, variables }: MadeFrom): AudienceRow {
  const [address] = Destination.ToAddresses
  const key = EmailTags.find(({ Name }) => Name === 'recipient')?.Value ?? ''
  return { address, key, locale, variables }
}

function refused(sendable: Sendable, { rule, field, excerpt }: Finding): Prepared {
  return { ...sendable, kind: 'refused', outcome: { kind: 'rejected', rule, field, excerpt } }
}
