import type { Disposition } from './dispositions.ts'
import type { MailRequest } from './mail-request.ts'

/** SES's answer to one call. `reason` is SES's own, without addresses. */
export type SesAnswer =
  | { readonly kind: 'accepted'; readonly messageId: string }
  | { readonly [Kind in Disposition]: { readonly kind: Kind; readonly reason: string } }[Disposition]

/** One call, one attempt, one recipient. Never throws for what SES or the network may do. */
export interface Mailer {
  send(request: MailRequest): Promise<SesAnswer>
}
