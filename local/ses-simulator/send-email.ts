import { isUtf8 } from 'node:buffer'
import { type ArrivalLog, addressesInDestination } from './arrival-log.ts'
import type { AcceptedMessage } from './events/message-events.ts'
import { isMailboxSimulator } from './events/recipient-outcome.ts'
import type { Faults } from './faults.ts'
import { DailyQuota } from './limits/daily-quota.ts'
import { fullBucket, type RateBucket, takeTokens } from './limits/rate-bucket.ts'
import { randomUuid, type Uniform } from './limits/seeded-random.ts'
import type { SesSimulatorSettings } from './options.ts'
import type { Mailbox } from './request/mailbox.ts'
import { parseSendEmail, type SendEmailRequest } from './request/send-email-request.ts'
import { badRequest, type SesError, sesError } from './request/ses-error.ts'
import { validateSendEmail } from './request/validate-send-email.ts'
import type { SimulatorStats } from './stats.ts'

export type SendEmailOutcome =
  | SesError
  | { readonly kind: 'accepted'; readonly messageId: string; readonly kept: Promise<void> }
  /** Accepted, and the sender will never know. */
  | { readonly kind: 'no-answer'; readonly connection: 'silent' | 'destroyed'; readonly kept: Promise<void> }
  | { readonly kind: 'accepted-then-error'; readonly error: SesError; readonly kept: Promise<void> }

/** Keeps the message and sets its events going; resolves when it is on disk. */
export type AcceptMessage = (message: AcceptedMessage, request: Buffer) => Promise<void>

const internalError = sesError('InternalServiceErrorException', 'The service is unable to process the request.')
const rateExceeded = sesError('TooManyRequestsException', 'Maximum sending rate exceeded.')
const sendingPaused = sesError('SendingPausedException', 'Email sending is disabled for this account.')

/** The account, as far as SendEmail changes it. Every decision is made at once, at the request's time of arrival. */
export class SendEmailService {
  readonly #settings: () => SesSimulatorSettings
  readonly #stats: () => SimulatorStats
  readonly #faults: Faults
  readonly #uniform: Uniform
  readonly #arrivals: ArrivalLog
  readonly #accept: AcceptMessage
  #bucket: RateBucket
  #quota: DailyQuota

  constructor(
    settings: () => SesSimulatorSettings,
    stats: () => SimulatorStats,
    faults: Faults,
    uniform: Uniform,
    arrivals: ArrivalLog,
    accept: AcceptMessage,
    nowMs: number,
  ) {
    this.#settings = settings
    this.#stats = stats
    this.#faults = faults
    this.#uniform = uniform
    this.#arrivals = arrivals
    this.#accept = accept
    this.#bucket = fullBucket(settings(), nowMs)
    this.#quota = new DailyQuota(settings().sentLast24Hours, nowMs)
  }

  sentLast24Hours(nowMs: number): number {
    return this.#quota.sentLast24Hours(nowMs)
  }

  /** Counts the quota anew, from the setting. */
  restartQuota(nowMs: number): void {
    this.#quota = new DailyQuota(this.#settings().sentLast24Hours, nowMs)
  }

  receive(body: Buffer, arrivedAtMs: number): SendEmailOutcome {
    const outcome = this.#decide(body, arrivedAtMs)
    const accepted = outcome.kind !== 'error'
    this.#arrivals.add({ atMs: arrivedAtMs, accepted, addresses: addressesInDestination(body) })
    return outcome
  }

  #decide(body: Buffer, arrivedAtMs: number): SendEmailOutcome {
    const stats = this.#stats()
    stats.requests += 1
    const fault = this.#faults.draw(['throttle', 'paused', 'server-error'], isBeforeAcceptance)
    if (fault !== undefined) {
      stats.faulted += 1
      return fault.kind === 'throttle' ? rateExceeded : fault.kind === 'paused' ? sendingPaused : internalError
    }
    const checked = this.#check(body)
    if (checked.kind === 'error') return this.#refuse(checked)
    const limit = this.#charge(checked.recipients, arrivedAtMs)
    if (limit !== undefined) return this.#refuse(limit)
    return this.#acceptRequest(checked, body, arrivedAtMs)
  }

  #refuse(error: SesError): SesError {
    if (error === rateExceeded) this.#stats().throttled += 1
    else this.#stats().refused += 1
    return error
  }

  #check(body: Buffer): CheckedRequest | SesError {
    const settings = this.#settings()
    if (settings.paused) return sendingPaused
    if (!isUtf8(body)) return badRequest('The request body is not UTF-8.')
    const parsed = parseSendEmail(body.toString())
    if (parsed.kind === 'error') return parsed
    const validated = validateSendEmail(parsed.request, settings)
    if (validated.kind === 'error') return validated
    return { kind: 'checked', request: parsed.request, from: validated.from, recipients: validated.recipients }
  }

  #charge(recipients: readonly Mailbox[], arrivedAtMs: number): SesError | undefined {
    const settings = this.#settings()
    const counted = recipients.filter(recipient => !isMailboxSimulator(recipient)).length
    if (!this.#quota.hasRoom(arrivedAtMs, counted, settings.max24HourSend)) {
      return sesError('LimitExceededException', 'Daily message quota exceeded.')
    }
    const { admitted, bucket } = takeTokens(this.#bucket, settings, arrivedAtMs, recipients.length)
    this.#bucket = bucket
    if (!admitted) return rateExceeded
    this.#quota.take(arrivedAtMs, counted)
    return undefined
  }

  #acceptRequest({ request, from, recipients }: CheckedRequest, body: Buffer, acceptedAtMs: number): SendEmailOutcome {
    const stats = this.#stats()
    stats.accepted += 1
    stats.firstAcceptedAtMs = Math.min(stats.firstAcceptedAtMs ?? acceptedAtMs, acceptedAtMs)
    stats.lastAcceptedAtMs = Math.max(stats.lastAcceptedAtMs ?? acceptedAtMs, acceptedAtMs)
    const messageId = newMessageId(acceptedAtMs, this.#uniform)
    const kept = this.#accept({ messageId, acceptedAtMs, request, from, recipients }, body)
    const fault = this.#faults.draw(['accept-then-time-out', 'server-error'], isAfterAcceptance)
    if (fault === undefined) return { kind: 'accepted', messageId, kept }
    stats.faulted += 1
    stats.acceptedThenFaulted += 1
    if (fault.kind === 'server-error') return { kind: 'accepted-then-error', error: internalError, kept }
    return { kind: 'no-answer', connection: fault.connection, kept }
  }
}

interface CheckedRequest {
  readonly kind: 'checked'
  readonly request: SendEmailRequest
  readonly from: Mailbox
  readonly recipients: readonly Mailbox[]
}

type RequestFault = { readonly kind: string; readonly accepted?: boolean }

const isBeforeAcceptance = (fault: RequestFault) => fault.accepted !== true
const isAfterAcceptance = (fault: RequestFault) => fault.accepted !== false

/** SES's form: a time in hexadecimal, a UUID and a counter that is always zero. */
function newMessageId(acceptedAtMs: number, uniform: Uniform): string {
  const time = Math.floor(acceptedAtMs).toString(16).padStart(12, '0')
  return `0100${time}-${randomUuid(uniform)}-000000`
}
