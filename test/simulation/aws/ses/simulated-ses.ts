import { assertNever } from '../../../../functions/runtime/assert-never.ts'
import type { Clock } from '../../../../functions/runtime/clock.ts'
import { DailyQuota } from '../../../../local/ses-simulator/limits/daily-quota.ts'
import { fullBucket, takeTokens } from '../../../../local/ses-simulator/limits/rate-bucket.ts'
import type { SendEmailRequest } from '../../../../local/ses-simulator/request/send-email-request.ts'
import { jsonAnswer, noAnswer } from '../answers.ts'
import { OutsideSimulation } from '../outside-simulation.ts'
import type { ServiceRequest, ServiceResponse, SimulatedService } from '../simulated-service.ts'
import { type CheckedSend, checkSend } from './check-send.ts'
import { quotaExceeded, rateExceeded, refusalAnswer, type SesErrorName, type SesRefusal } from './ses-errors.ts'

export interface SesAccountSettings {
  /** Recipients a second, as GetAccount gives it. */
  readonly maxSendRate: number
  /** Seconds of sending that the token bucket holds. */
  readonly bucketDepthSeconds: number
  /** Recipients in any 24 hours; -1 is unlimited. */
  readonly max24HourSend: number
  /** What was sent before the first call. */
  readonly sentBefore?: { readonly agoMs: number; readonly recipients: number }
  readonly sendingEnabled: boolean
  readonly region: string
  /** Addresses or domains that may be in From. */
  readonly identities: readonly string[]
  readonly configurationSets: readonly string[]
}

/** One accepted message. */
export interface SesMessage {
  readonly messageId: string
  readonly acceptedAtMs: number
  /** The first of its recipients, and by promise the only one. */
  readonly to: string
  readonly recipients: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  readonly from: { readonly address: string; readonly domain: string }
  readonly region: string
  readonly request: SendEmailRequest
}

/** One SendEmail call, whatever became of it. */
export interface SesCall {
  readonly atMs: number
  readonly to: string
  readonly tags: Readonly<Record<string, string>>
  readonly result: 'accepted' | 'accepted-without-answer' | SesErrorName
}

/** How SES is to answer a call. What is accepted is still bound by the checks, the quota and the rate. */
export type SesChoice =
  | { readonly kind: 'accept' }
  | { readonly kind: 'throttle' }
  | { readonly kind: 'refuse'; readonly error: SesErrorName; readonly message: string }
  | { readonly kind: 'accept-without-answer' }
  | { readonly kind: 'accept-then-refuse'; readonly error: SesErrorName; readonly message: string }

/** What the engine decides, and is told. */
export interface SesHooks {
  readonly choose: (call: Pick<SesCall, 'atMs' | 'to' | 'tags'>) => SesChoice
  readonly onAccepted: (message: SesMessage) => void
  /** When other systems of the account have called SES since this was last asked: before each call of SendEmail. */
  readonly foreign: (atMs: number) => readonly number[]
}

/** How much of the quota was used when a message was accepted. */
export interface QuotaUse {
  readonly atMs: number
  readonly sentLast24Hours: number
  /** Messages of other systems that SES has accepted so far. */
  readonly foreign: number
}

export interface SimulatedSes {
  readonly service: SimulatedService
  /** In order of acceptance. */
  readonly accepted: readonly SesMessage[]
  /** In order of arrival. */
  readonly calls: readonly SesCall[]
  /** At each accepted message, where the quota is limited. */
  readonly quotaUses: readonly QuotaUse[]
}

/** SendEmail and GetAccount of SES v2 under an account that the engine may change at any time. */
export function simulatedSes(
  clock: Pick<Clock, 'now'>,
  account: () => SesAccountSettings,
  hooks: Partial<SesHooks> = {},
): SimulatedSes {
  const { choose = (): SesChoice => ({ kind: 'accept' }), onAccepted = () => {}, foreign = () => [] } = hooks
  const accepted: SesMessage[] = []
  const calls: SesCall[] = []
  const quotaUses: QuotaUse[] = []
  const { sentBefore = { agoMs: 0, recipients: 0 } } = account()
  const quota = new DailyQuota(sentBefore.recipients, clock.now() - sentBefore.agoMs)
  let foreignAccepted = 0
  let bucket = fullBucket(account(), clock.now())

  function admitForeign(atMs: number): void {
    for (const foreignMs of foreign(atMs)) if (limit(1, foreignMs) === undefined) foreignAccepted++
  }

  /** Why the account does not take one more message now; charges it if it does. */
  function limit(recipients: number, atMs: number): SesRefusal | undefined {
    const settings = account()
    if (!quota.hasRoom(atMs, recipients, settings.max24HourSend)) return quotaExceeded
    const decision = takeTokens(bucket, settings, atMs, recipients)
    bucket = decision.bucket
    if (!decision.admitted) return rateExceeded
    quota.take(atMs, recipients)
    return undefined
  }

  function accept(checked: CheckedSend, atMs: number): SesMessage {
    const { refusal: _, ...known } = checked
    const messageId = messageIdOf(atMs, accepted.length)
    const message = { ...known, messageId, acceptedAtMs: atMs, region: account().region }
    accepted.push(message)
    if (account().max24HourSend !== -1) {
      quotaUses.push({ atMs, sentLast24Hours: quota.sentLast24Hours(atMs), foreign: foreignAccepted })
    }
    onAccepted(message)
    return message
  }

  function sendEmail(request: ServiceRequest): ServiceResponse {
    const atMs = clock.now()
    admitForeign(atMs)
    const checked = checkSend(request, account())
    const { to, tags } = checked
    const call = (result: SesCall['result']) => calls.push({ atMs, to, tags, result })
    const refuse = (refusal: SesRefusal) => {
      call(refusal.error)
      return refusalAnswer(refusal)
    }
    const choice = choose({ atMs, to, tags })
    if (choice.kind === 'throttle') return refuse(rateExceeded)
    if (choice.kind === 'refuse') return refuse(choice)
    const refusal = checked.refusal ?? limit(checked.recipients.length, atMs)
    if (refusal !== undefined) return refuse(refusal)
    const { messageId } = accept(checked, atMs)
    switch (choice.kind) {
      case 'accept':
        call('accepted')
        return jsonAnswer(200, { MessageId: messageId })
      case 'accept-without-answer':
        call('accepted-without-answer')
        return noAnswer
      case 'accept-then-refuse':
        call('accepted-without-answer')
        return refusalAnswer(choice)
      default:
        return assertNever(choice)
    }
  }

  function getAccount(): ServiceResponse {
    const { maxSendRate, max24HourSend, sendingEnabled } = account()
    const SentLast24Hours = quota.sentLast24Hours(clock.now())
    return jsonAnswer(200, {
      EnforcementStatus: 'HEALTHY',
      ProductionAccessEnabled: true,
      SendingEnabled: sendingEnabled,
      SendQuota: { MaxSendRate: maxSendRate, Max24HourSend: max24HourSend, SentLast24Hours },
    })
  }

  return {
    accepted,
    calls,
    quotaUses,
    service: request => {
      const route = `${request.method} ${request.path}`
      if (route === 'POST /v2/email/outbound-emails') return sendEmail(request)
      if (route === 'GET /v2/email/account') return getAccount()
      throw new OutsideSimulation(`SES's ${route}`)
    },
  }
}

/** SES's form, with a number where SES has chance. */
function messageIdOf(atMs: number, index: number): string {
  const time = Math.floor(atMs).toString(16).padStart(12, '0')
  return `0100${time}-00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}-000000`
}
