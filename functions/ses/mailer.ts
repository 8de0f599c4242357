import type { InspectedMail } from '../leak-guard/inspected-mail.ts'
import type { Finding } from '../leak-guard/rules.ts'
import type { Disposition } from './dispositions.ts'

/** SES's answer to one call. `reason` is SES's own, without addresses. */
export type SesAnswer =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** Stopped on its way to the wire: SES has not seen it. */
  | ({ readonly kind: 'refused-by-guard' } & Finding)
  | { readonly [Kind in Disposition]: { readonly kind: Kind; readonly reason: string } }[Disposition]

/** One call, one attempt, one recipient, and no message that was not inspected. Never throws for what SES or the network may do. */
export interface Mailer {
  send(mail: InspectedMail): Promise<SesAnswer>
}
