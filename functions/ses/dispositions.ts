/**
 * What becomes of a message after each answer of SES, as data: total over the errors that SESv2 publishes for SendEmail and
 * over the common ones. Sources: API Reference V2 (SendEmail, CommonErrors), Developer Guide (troubleshoot-error-messages).
 */
export type Disposition =
  /** Not accepted: slow the pacer, take a new slot, same recipient. */
  | 'throttled'
  /** Not accepted: the 24-hour quota is used up; every notice waits until GetAccount shows room. */
  | 'hold'
  /** Not accepted, and nothing else of the account or the stack would be: stop and call a human. */
  | 'stop-all'
  /** Not accepted, nor would any other message of this notice be. */
  | 'stop-notice'
  /** Not accepted for a reason of this recipient's own … */
  | 'recipient-failed'
  /** … that may pass: an address that the sandbox does not allow yet. */
  | 'recipient-failed-for-now'
  /** SES may or may not have accepted. */
  | 'in-doubt'

interface Rule {
  readonly error: string
  /** Where one error stands for several things, the text tells them apart; the first rule that fits counts. */
  readonly text?: RegExp
  readonly disposition: Disposition
}

const DAILY_QUOTA = /daily (message|sending) quota/i
/** MessageRejected in the sandbox: an identity that failed the check is the recipient's. */
const ADDRESS = /address|mailbox|local part|domain|recipient|destination/i

export const dispositions: readonly Rule[] = [
  { error: 'TooManyRequestsException', text: DAILY_QUOTA, disposition: 'hold' },
  { error: 'TooManyRequestsException', disposition: 'throttled' },
  { error: 'ThrottlingException', text: DAILY_QUOTA, disposition: 'hold' },
  { error: 'ThrottlingException', disposition: 'throttled' },
  { error: 'Throttling', text: DAILY_QUOTA, disposition: 'hold' },
  { error: 'Throttling', disposition: 'throttled' },
  { error: 'LimitExceededException', disposition: 'hold' },
  { error: 'SendingPausedException', disposition: 'stop-all' },
  { error: 'AccountSuspendedException', disposition: 'stop-all' },
  { error: 'AccessDeniedException', disposition: 'stop-all' },
  { error: 'NotAuthorized', disposition: 'stop-all' },
  { error: 'OptInRequired', disposition: 'stop-all' },
  { error: 'ExpiredTokenException', disposition: 'stop-all' },
  { error: 'IncompleteSignature', disposition: 'stop-all' },
  { error: 'InvalidClientTokenId', disposition: 'stop-all' },
  { error: 'UnrecognizedClientException', disposition: 'stop-all' },
  { error: 'MailFromDomainNotVerifiedException', disposition: 'stop-notice' },
  { error: 'NotFoundException', disposition: 'stop-notice' },
  { error: 'RequestEntityTooLargeException', disposition: 'stop-notice' },
  { error: 'MessageRejected', disposition: 'stop-notice' },
  { error: 'BadRequestException', text: ADDRESS, disposition: 'recipient-failed' },
  { error: 'BadRequestException', disposition: 'stop-notice' },
  { error: 'MalformedHttpRequestException', disposition: 'stop-notice' },
  { error: 'UnknownOperationException', disposition: 'stop-notice' },
  { error: 'ValidationError', disposition: 'stop-notice' },
  { error: 'ConflictException', disposition: 'stop-notice' },
  { error: 'RequestAbortedException', disposition: 'in-doubt' },
  { error: 'RequestTimeoutException', disposition: 'in-doubt' },
  { error: 'ServiceUnavailable', disposition: 'in-doubt' },
  { error: 'InternalFailure', disposition: 'in-doubt' },
  { error: 'InternalServiceErrorException', disposition: 'in-doubt' },
  { error: 'ConcurrentModificationException', disposition: 'in-doubt' },
]

export interface SesError {
  readonly name: string
  readonly text: string
  /** Absent when no answer came. */
  readonly httpStatus: number | undefined
  /** Whether the text names this message's recipient. */
  readonly namesRecipient: boolean
}

/** Total: an error that no rule knows is a refusal if SES answered with 4xx, else in doubt. */
export function dispositionOf(error: SesError): Disposition {
  if (error.httpStatus === undefined || error.httpStatus >= 500 || error.httpStatus === 408) return 'in-doubt'
  if (error.name === 'MessageRejected' && error.namesRecipient) return 'recipient-failed-for-now'
  const rule = dispositions.find(({ error: name, text }) => name === error.name && (text?.test(error.text) ?? true))
  return rule?.disposition ?? (error.httpStatus === 429 ? 'throttled' : 'stop-notice')
}
