import { jsonAnswer } from '../../test/simulation/aws/answers.ts'
import { OutsideSimulation } from '../../test/simulation/aws/outside-simulation.ts'
import { checkSend } from '../../test/simulation/aws/ses/check-send.ts'
import { rateExceeded, refusalAnswer } from '../../test/simulation/aws/ses/ses-errors.ts'
import { type SesEvent, sesEventBody } from '../../test/simulation/aws/ses/ses-events.ts'
import { SIMULATED_REGION } from '../../test/simulation/aws/simulated-clients.ts'
import type { ServiceRequest, ServiceResponse, SimulatedService } from '../../test/simulation/aws/simulated-service.ts'
import { stack } from '../../test/simulation/rooms.ts'
import type { SesLimit } from './ses-limit.ts'

export interface SesServiceProps {
  readonly limit: SesLimit
  readonly now: () => number
  readonly laneOf: (address: string) => string | undefined
  /** Told of each accepted message, and how to have the body of an event about it. */
  readonly onAccepted: (bodyOf: (event: SesEvent) => string) => void
}

const identity = {
  sendingEnabled: true,
  region: SIMULATED_REGION,
  identities: [stack.sender],
  configurationSets: [stack.configurationSet],
}

/** SendEmail and GetAccount over an account's limit. Keeps no message: half a million would not fit. */
export function sesService({ limit, now, laneOf, onAccepted }: SesServiceProps): SimulatedService {
  let accepted = 0

  function sendEmail(request: ServiceRequest): ServiceResponse {
    const { refusal, ...checked } = checkSend(request, identity)
    if (refusal !== undefined) return refusalAnswer(refusal)
    if (!limit.take(laneOf(checked.to))) return refusalAnswer(rateExceeded)
    const messageId = `virtual-${++accepted}`
    const message = { ...checked, messageId, acceptedAtMs: now(), region: SIMULATED_REGION }
    onAccepted(event => sesEventBody(message, event))
    return jsonAnswer(200, { MessageId: messageId })
  }

  function getAccount(): ServiceResponse {
    return jsonAnswer(200, {
      EnforcementStatus: 'HEALTHY',
      ProductionAccessEnabled: true,
      SendingEnabled: true,
      SendQuota: { MaxSendRate: limit.ratePerSecond(), Max24HourSend: -1, SentLast24Hours: 0 },
    })
  }

  return request => {
    const route = `${request.method} ${request.path}`
    if (route === 'POST /v2/email/outbound-emails') return sendEmail(request)
    if (route === 'GET /v2/email/account') return getAccount()
    throw new OutsideSimulation(`SES's ${route}`)
  }
}
