import { errorAnswer, noAnswer, serverErrorAnswer, throttleAnswer } from './aws/answers.ts'
import type { ServiceRequest, ServiceResponse } from './aws/simulated-service.ts'
import type { FaultFamily } from './faults.ts'
import type { ExchangeEntry } from './history.ts'
import type { World } from './process.ts'

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

type Remedy = (entry: ExchangeEntry, world: World) => Omit<Disturbance, 'fault'> | undefined

/** The faults of each service, in the order in which they are tried: the first that fires is what happens. */
const disturbances: Readonly<Record<ExchangeEntry['service'], readonly (readonly [FaultFamily, Remedy])[]>> = {
  dynamodb: [
    ['dynamodb-throttle', () => ({ response: throttleAnswer('dynamodb') })],
    ['dynamodb-server-error', () => ({ response: serverErrorAnswer('dynamodb') })],
    ['dynamodb-lost-request', () => ({ lost: 'request' })],
    ['dynamodb-lost-answer', () => ({ lost: 'answer' })],
  ],
  s3: [
    ['s3-server-error', () => ({ response: errorAnswer('s3', 503, 'SlowDown', 'Reduce your request rate') })],
    ['s3-lost-answer', () => ({ lost: 'answer' })],
  ],
  sqs: [
    ['sqs-throttle', () => ({ response: throttleAnswer('sqs') })],
    ['sqs-lost-answer', () => ({ lost: 'answer' })],
  ],
  ses: [
    ['ses-account-error', ({ operation }) => ofGetAccount(operation, { response: throttleAnswer('ses') })],
    ['ses-throttle', ({ operation }) => ofSendEmail(operation, { response: throttleAnswer('ses') })],
    [
      'ses-refuses-recipient',
      ({ operation, request }) => ofSendEmail(operation, { response: refusal(request, 'lasting') }),
    ],
    [
      'ses-refuses-for-now',
      ({ operation, request }) => ofSendEmail(operation, { response: refusal(request, 'passing') }),
    ],
    ['ses-accepts-unanswered', ({ operation }) => ofSendEmail(operation, { reshape: () => noAnswer })],
    ['ses-lost-request', ({ operation }) => ofSendEmail(operation, { lost: 'request' })],
    ['ses-server-error', ({ operation }, world) => ofSendEmail(operation, failing(world))],
    [
      'ses-slow',
      ({ operation }, world) =>
        ofSendEmail(operation, { answerAfterMs: world.faults.random.acrossScales(200, 30_000) }),
    ],
    [
      'ses-paused',
      ({ operation }) =>
        ofSendEmail(operation, {
          response: errorAnswer('ses', 400, 'SendingPausedException', 'Sending is paused for this account.'),
        }),
    ],
    [
      'ses-quota',
      ({ operation }) =>
        ofSendEmail(operation, {
          response: errorAnswer('ses', 400, 'LimitExceededException', 'Daily message quota exceeded.'),
        }),
    ],
  ],
  lambda: [
    ['invoke-lost', () => ({ response: { status: 202, headers: {}, body: new Uint8Array() } })],
    ['invoke-duplicate', () => ({ repeat: true })],
  ],
}

export function disturb(world: World, entry: ExchangeEntry, about: string): Disturbance {
  const { faults } = world
  if (faults.ended()) return calm
  for (const [family, remedy] of disturbances[entry.service]) {
    if (!faults.has(family)) continue
    const disturbance = remedy(entry, world)
    if (disturbance !== undefined && faults.fires(family, about)) return { fault: true, ...disturbance }
  }
  return calm
}

const ofSendEmail = (operation: string, what: Omit<Disturbance, 'fault'>) =>
  operation === 'SendEmail' ? what : undefined
const ofGetAccount = (operation: string, what: Omit<Disturbance, 'fault'>) =>
  operation === 'GetAccount' ? what : undefined

/** A fault of SES says nothing about whether it accepted. */
function failing({ faults }: World): Omit<Disturbance, 'fault'> {
  const answer = serverErrorAnswer('ses')
  return faults.random.chance(0.5) ? { response: answer } : { reshape: () => answer }
}

/** SES quotes the address that it refuses. */
function refusal(request: ServiceRequest, how: 'lasting' | 'passing'): ServiceResponse {
  const { Destination } = parse<{ Destination: { ToAddresses: string[] } }>(request)
  const [address] = Destination.ToAddresses
  return how === 'lasting'
    ? errorAnswer('ses', 400, 'BadRequestException', `Illegal address: ${address}`)
    : errorAnswer(
        'ses',
        400,
        'MessageRejected',
        `Email address is not verified. The following identities failed the check in region EU-WEST-1: ${address}`,
      )
}

function parse<Shape>({ body }: { body: Uint8Array }): Shape {
  return JSON.parse(Buffer.from(body).toString())
}
