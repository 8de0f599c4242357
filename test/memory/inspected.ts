import { InspectedMail } from '../../functions/leak-guard/inspected-mail.ts'
import { addressesOfNotice } from '../../functions/leak-guard/leak-guard.ts'
import type { SimpleMail } from '../../functions/leak-guard/simple-mail.ts'

/** A request as the mailer takes it, whose every address is taken for one of the notice: for tests of what comes after the guard. */
export function inspected(request: SimpleMail): InspectedMail {
  const [recipient] = request.Destination.ToAddresses
  const noticeAddresses = addressesOfNotice([JSON.stringify(request)])
  const verdict = InspectedMail.inspect(request, { recipient, noticeAddresses })
  if (verdict.kind === 'refused') throw new Error(`The guard refuses ${verdict.field}: ${verdict.rule}`)
  return verdict.mail
}
