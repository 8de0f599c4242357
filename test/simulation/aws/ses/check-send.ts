import { parseSendEmail, type SendEmailRequest } from '../../../../local/ses-simulator/request/send-email-request.ts'
import { validateSendEmail } from '../../../../local/ses-simulator/request/validate-send-email.ts'
import { OutsideSimulation } from '../outside-simulation.ts'
import type { ServiceRequest } from '../simulated-service.ts'
import { type SesErrorName, type SesRefusal, sesErrorStatuses } from './ses-errors.ts'

export interface CheckedSend {
  readonly request: SendEmailRequest
  readonly to: string
  readonly recipients: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  readonly from: { readonly address: string; readonly domain: string }
  /** What SES has against the request itself. */
  readonly refusal: SesRefusal | undefined
}

interface Account {
  readonly identities: readonly string[]
  readonly configurationSets: readonly string[]
  readonly sendingEnabled: boolean
  readonly region: string
}

/** Reads the request as it arrived. */
export function checkSend({ body }: ServiceRequest, account: Account): CheckedSend {
  const parsed = parseSendEmail(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString())
  if (parsed.kind === 'error') throw new OutsideSimulation(`this SendEmail request: ${parsed.message}`)
  const { request } = parsed
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = request.Destination ?? {}
  const recipients = [...ToAddresses, ...CcAddresses, ...BccAddresses]
  const tags = Object.fromEntries((request.EmailTags ?? []).map(({ Name, Value }) => [Name, Value]))
  const known = { request, recipients, to: recipients[0] ?? '', tags }
  const nowhere = { address: '', domain: '' }
  if (!account.sendingEnabled) return { ...known, from: nowhere, refusal: paused }
  const validated = validateSendEmail(request, { ...account, sandbox: false })
  if (validated.kind === 'valid') return { ...known, from: validated.from, refusal: undefined }
  return { ...known, from: nowhere, refusal: { error: nameOf(validated.type), message: validated.message } }
}

const paused: SesRefusal = {
  error: 'SendingPausedException',
  message: 'Email sending is disabled for this account.',
}

function nameOf(type: string): SesErrorName {
  if (isSesErrorName(type)) return type
  throw new OutsideSimulation(`SES's error ${type}`)
}

const isSesErrorName = (type: string): type is SesErrorName => Object.hasOwn(sesErrorStatuses, type)
