import { isMailboxSimulator } from '../events/recipient-outcome.ts'
import { faultOfContent, faultOfTags, simpleContentOf } from './content-rules.ts'
import { type Mailbox, type MailboxResult, parseMailbox } from './mailbox.ts'
import type { SendEmailRequest } from './send-email-request.ts'
import { badRequest, type SesError, sesError } from './ses-error.ts'

export interface AccountSettings {
  readonly identities: readonly string[]
  readonly configurationSets: readonly string[]
  readonly sandbox: boolean
  readonly region: string
}

export type ValidatedRequest =
  | { readonly kind: 'valid'; readonly from: Mailbox; readonly recipients: readonly Mailbox[] }
  | SesError

/** Source: the SES quotas page. */
const RECIPIENTS_MAX = 50

/** SES's checks of one SendEmail request, and the stricter ones of this simulator, in a fixed order: the first fault is answered. */
export function validateSendEmail(request: SendEmailRequest, account: AccountSettings): ValidatedRequest {
  const unsupported = faultOfUnsupported(request)
  if (unsupported !== undefined) return unsupported
  if (request.FromEmailAddress === undefined) return badRequest("Missing required header 'From'.")
  const from = parseMailbox(request.FromEmailAddress)
  if (from.kind === 'illegal') return badRequest(from.reason)
  const recipients = recipientsOf(request)
  if (recipients.kind === 'error') return recipients
  const feedback = request.FeedbackForwardingEmailAddress
  const others = [...(request.ReplyToAddresses ?? []), ...(feedback === undefined ? [] : [feedback])].map(parseMailbox)
  const content = simpleContentOf(request)
  if (content.kind === 'error') return content
  const fault =
    firstIllegal(others) ??
    faultOfContent(content.simple) ??
    faultOfTags(request.EmailTags ?? []) ??
    faultOfConfigurationSet(request.ConfigurationSetName, account) ??
    faultOfIdentities(from, feedback, recipients.recipients, account)
  return fault ?? { kind: 'valid', from, recipients: recipients.recipients }
}

function faultOfUnsupported(request: SendEmailRequest): SesError | undefined {
  const { FromEmailAddressIdentityArn, FeedbackForwardingEmailAddressIdentityArn, ...given } = request
  const { EndpointId, TenantName, ListManagementOptions, ConfigurationOverrides } = given
  if (EndpointId !== undefined) return sesError('NotFoundException', 'The multi-region endpoint does not exist.')
  if (TenantName !== undefined) return sesError('NotFoundException', 'The tenant does not exist.')
  if (ListManagementOptions !== undefined) return sesError('NotFoundException', 'The contact list does not exist.')
  const others = [FromEmailAddressIdentityArn, FeedbackForwardingEmailAddressIdentityArn, ConfigurationOverrides]
  if (others.every(member => member === undefined)) return undefined
  return badRequest('Sending authorization and configuration overrides are not supported by this simulator.')
}

type Recipients = { readonly kind: 'recipients'; readonly recipients: readonly Mailbox[] } | SesError

function recipientsOf({ Destination = {} }: SendEmailRequest): Recipients {
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = Destination
  const written = [...ToAddresses, ...CcAddresses, ...BccAddresses]
  if (written.length === 0) return badRequest('Must have at least one recipient.')
  if (written.length > RECIPIENTS_MAX) return badRequest(`Recipient count exceeds ${RECIPIENTS_MAX}.`)
  const mailboxes = written.map(parseMailbox)
  return (
    firstIllegal(mailboxes) ?? {
      kind: 'recipients',
      recipients: mailboxes.filter(mailbox => mailbox.kind === 'mailbox'),
    }
  )
}

function firstIllegal(mailboxes: readonly MailboxResult[]): SesError | undefined {
  const illegal = mailboxes.find(mailbox => mailbox.kind === 'illegal')
  return illegal === undefined ? undefined : badRequest(illegal.reason)
}

function faultOfConfigurationSet(
  name: string | undefined,
  { configurationSets }: AccountSettings,
): SesError | undefined {
  if (name === undefined) return undefined
  if (name === '') return badRequest('The configuration set name must not be empty.')
  if (configurationSets.length === 0 || configurationSets.includes(name)) return undefined
  return sesError('NotFoundException', `Configuration set <${name}> does not exist.`)
}

function faultOfIdentities(
  from: Mailbox,
  feedback: string | undefined,
  recipients: readonly Mailbox[],
  { identities, sandbox, region }: AccountSettings,
): SesError | undefined {
  const verified = new Set(identities.map(identity => identity.toLowerCase()))
  const isVerified = ({ address, domain }: Mailbox) =>
    verified.has(address.toLowerCase()) || verified.has(domain.toLowerCase())
  const feedbackMailbox = feedback === undefined ? undefined : parseMailbox(feedback)
  const senders = feedbackMailbox?.kind === 'mailbox' ? [from, feedbackMailbox] : [from]
  const failed = [
    ...(verified.size === 0 ? [] : senders.filter(sender => !isVerified(sender))),
    ...(sandbox ? recipients.filter(recipient => !isVerified(recipient) && !isMailboxSimulator(recipient)) : []),
  ]
  if (failed.length === 0) return undefined
  const names = failed.map(({ address }) => address).join(', ')
  return sesError(
    'MessageRejected',
    `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${names}`,
  )
}
