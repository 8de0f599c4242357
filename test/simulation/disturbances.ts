import { errorAnswer, noAnswer, serverErrorAnswer, throttleAnswer } from './aws/answers.ts'
import type { ServiceRequest, ServiceResponse } from './aws/simulated-service.ts'
import type { FaultFamily } from './faults.ts'
import type { ExchangeEntry } from './history.ts'
import type { World } from './process.ts'
import type { SeededRandom } from './seeded-random.ts'

/** What becomes of one exchange other than the usual. */
export interface Disturbance {
  readonly fault: boolean
  /** Answered so, without the service. */
  readonly response?: ServiceResponse
  readonly reshape?: (answer: ServiceResponse) => ServiceResponse
  /** The service sees the request twice. */
  readonly repeat?: boolean
  readonly lost?: 'request' | 'answer'
  readonly answerAfterMs?: number
}

const calm: Disturbance = { fault: false }

type What = Omit<Disturbance, 'fault'>

interface Kind {
  readonly family: FaultFamily
  /** The one operation that it befalls; every one of the service unless told. */
  readonly of?: string
  readonly what: (entry: ExchangeEntry, random: SeededRandom) => What
}

const always =
  (what: What): Kind['what'] =>
  () =>
    what
const answered = (status: number, type: string, message: string): Kind['what'] =>
  always({ response: errorAnswer('ses', status, type, message) })

const SLOW_MS = [200, 30_000] as const
const of = 'SendEmail'

/** The faults of each service, in the order in which they are tried: the first that fires is what happens. */
const kinds: Readonly<Record<ExchangeEntry['service'], readonly Kind[]>> = {
  dynamodb: [
    { family: 'dynamodb-throttle', what: always({ response: throttleAnswer('dynamodb') }) },
    { family: 'dynamodb-server-error', what: always({ response: serverErrorAnswer('dynamodb') }) },
    { family: 'dynamodb-lost-request', what: always({ lost: 'request' }) },
    { family: 'dynamodb-lost-answer', what: always({ lost: 'answer' }) },
  ],
  s3: [
    { family: 's3-server-error', what: always({ response: throttleAnswer('s3') }) },
    { family: 's3-lost-answer', what: always({ lost: 'answer' }) },
  ],
  sqs: [
    { family: 'sqs-throttle', what: always({ response: throttleAnswer('sqs') }) },
    { family: 'sqs-lost-answer', what: always({ lost: 'answer' }) },
  ],
  ses: [
    { family: 'ses-account-error', of: 'GetAccount', what: always({ response: throttleAnswer('ses') }) },
    { family: 'ses-throttle', of, what: always({ response: throttleAnswer('ses') }) },
    { family: 'ses-refuses-recipient', of, what: ({ request }) => ({ response: illegalAddress(request) }) },
    { family: 'ses-refuses-for-now', of, what: ({ request }) => ({ response: notVerified(request) }) },
    { family: 'ses-accepts-unanswered', of, what: always({ reshape: () => noAnswer }) },
    { family: 'ses-lost-request', of, what: always({ lost: 'request' }) },
    { family: 'ses-server-error', of, what: (_, random) => failing(random) },
    { family: 'ses-slow', of, what: (_, random) => ({ answerAfterMs: random.acrossScales(...SLOW_MS) }) },
    { family: 'ses-paused', of, what: answered(400, 'SendingPausedException', 'Sending is paused.') },
    { family: 'ses-quota', of, what: answered(400, 'LimitExceededException', 'Daily message quota exceeded.') },
  ],
  kms: [
    { family: 'kms-throttle', what: always({ response: throttleAnswer('kms') }) },
    { family: 'kms-server-error', what: always({ response: serverErrorAnswer('kms') }) },
    { family: 'kms-lost-answer', what: always({ lost: 'answer' }) },
  ],
  lambda: [
    { family: 'invoke-lost', what: always({ response: { status: 202, headers: {}, body: new Uint8Array() } }) },
    { family: 'invoke-duplicate', what: always({ repeat: true }) },
  ],
}

/** Decides what befalls an exchange. A table that is out of reach stays so for a while, for everybody. */
export function createDisturbances({ scheduler, faults }: World): (entry: ExchangeEntry) => Disturbance {
  const unreachableUntilMs = new Map<string, number>()

  function isUnreachable(entry: ExchangeEntry, about: string): boolean {
    const table = TABLE_NAME.exec(Buffer.from(entry.request.body).toString())?.[1] ?? ''
    if (faults.fires('dynamodb-unreachable', about)) {
      unreachableUntilMs.set(table, scheduler.now() + faults.random.acrossScales(...UNREACHABLE_MS))
    }
    return scheduler.now() < (unreachableUntilMs.get(table) ?? 0)
  }

  return entry => {
    if (faults.ended()) return calm
    const about = `${entry.process} ${entry.service} ${entry.operation}`
    if (faults.has('dynamodb-unreachable') && entry.service === 'dynamodb' && isUnreachable(entry, about)) {
      return { fault: true, lost: 'request' }
    }
    const kind = kinds[entry.service].find(
      ({ family, of }) => (of === undefined || of === entry.operation) && faults.fires(family, about),
    )
    return kind === undefined ? calm : { fault: true, ...kind.what(entry, faults.random) }
  }
}

/** The first table that a request names. */
const TABLE_NAME = /"(?:TableName":|RequestItems":\{)"([^"]+)"/
const UNREACHABLE_MS = [500, 60_000] as const

/** A fault of SES says nothing about whether it accepted. */
function failing(random: SeededRandom): What {
  const answer = serverErrorAnswer('ses')
  return random.chance(0.5) ? { response: answer } : { reshape: () => answer }
}

/** SES quotes the address that it refuses: for good … */
function illegalAddress(request: ServiceRequest): ServiceResponse {
  return errorAnswer('ses', 400, 'BadRequestException', `Illegal address: ${addressIn(request)}`)
}

/** … or for now, as it does in its sandbox. */
function notVerified(request: ServiceRequest): ServiceResponse {
  const message = `Email address is not verified. The following identities failed the check in region EU-WEST-1: ${addressIn(request)}`
  return errorAnswer('ses', 400, 'MessageRejected', message)
}

function addressIn({ body }: ServiceRequest): string {
  return /"ToAddresses":\["([^"]+)"/.exec(Buffer.from(body).toString())?.[1] ?? ''
}
