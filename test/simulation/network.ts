import { connectionReset, timedOut } from './aws/exchange-handler.ts'
import type {
  Exchange,
  ServiceName,
  ServiceRequest,
  ServiceResponse,
  SimulatedService,
} from './aws/simulated-service.ts'
import { createDisturbances, type Disturbance } from './disturbances.ts'
import { createHerd } from './herd.ts'
import type { ExchangeEntry } from './history.ts'
import { createPauses } from './pauses.ts'
import { never, type Process, type World } from './process.ts'
import type { Happening } from './scheduler.ts'

export type Services = Readonly<Record<ServiceName, SimulatedService>>

/** The usual time of the way to a service and back, in milliseconds. */
const USUAL_MS: Readonly<Record<ServiceName, number>> = { dynamodb: 4, s3: 20, sqs: 8, ses: 70, lambda: 15, kms: 8 }
const TAIL_MS = [50, 4000] as const
const FREEZE_MS = [300, 120_000] as const
const BREAKS_AFTER_MS = [20, 5000] as const
/** As the sender's SES client has it; the other clients wait without end, and see a connection that broke. */
const SES_TIMEOUT_MS = 15_000

/**
 * What lies between processes and services: each exchange takes its time, and may be lost, answered late or not at all; and at
 * each the process may die before it, after the request has done its work, or as the answer comes.
 */
export function createNetwork(world: World, services: Services): (process: Process) => Exchange {
  const { scheduler, history, faults } = world
  const disturbanceOf = createDisturbances(world)
  const pauses = createPauses(world)
  const herd = createHerd(world)

  function arrive(entry: ExchangeEntry, { response, reshape, repeat }: Disturbance): ServiceResponse {
    const serve = () => services[entry.service](entry.request)
    const answer = response ?? serve()
    if (repeat === true) serve()
    if (response === undefined) {
      entry.arrivedAtMs = scheduler.now()
      entry.served = answer
    }
    entry.response = reshape === undefined ? answer : reshape(answer)
    history.add({ kind: 'arrival', atMs: scheduler.now(), of: entry, status: entry.response.status })
    return entry.response
  }

  /** When the request arrives, and when its answer would. */
  function travel({ random }: Process, service: ServiceName, uneven: boolean, about: string) {
    const evenMs = USUAL_MS[service] * random.between(0.9, 1.1)
    const tailMs = faults.fires('network-tail', about) ? random.acrossScales(...TAIL_MS) : 0
    const wayMs = (uneven ? USUAL_MS[service] * random.acrossScales(0.3, 3) : evenMs) + tailMs
    const share = uneven ? random.between(0.1, 0.9) : 0.5
    return { arrivesMs: scheduler.now() + wayMs * share, answersMs: scheduler.now() + wayMs }
  }

  function send(process: Process, entry: ExchangeEntry, about: string, uneven: boolean, crash: Crash | undefined) {
    const { service, atMs } = entry
    const { random } = process
    const { promise, resolve, reject } = Promise.withResolvers<ServiceResponse>()
    const timesOutMs = service === 'ses' ? atMs + SES_TIMEOUT_MS : Number.POSITIVE_INFINITY
    const disturbance = disturbanceOf(entry)
    if (disturbance.fault) process.meetFault()
    pauses.mayBegin(service, about)
    const { arrivesMs, answersMs: usuallyMs } = travel(process, service, uneven && !faults.ended(), about)
    let answersMs = usuallyMs + (disturbance.answerAfterMs ?? 0)

    const breakOff = (atMs: number) => {
      const error = atMs >= timesOutMs ? timedOut() : connectionReset()
      process.deliver(Math.min(atMs, timesOutMs), () => reject(error))
    }
    const brokenMs = () => answersMs + random.acrossScales(...BREAKS_AFTER_MS)

    if (disturbance.lost === 'request') breakOff(brokenMs())
    else {
      const arriveAtService: Happening = () => {
        const heldUntilMs = pauses.heldUntilMs(service)
        if (heldUntilMs !== undefined) {
          process.meetFault()
          answersMs += heldUntilMs - scheduler.now()
          scheduler.at(heldUntilMs, arriveAtService)
          return false
        }
        const firedBefore = faults.fired()
        const answer = arrive(entry, disturbance)
        if (faults.fired() > firedBefore) process.meetFault()
        const answered = () => {
          entry.answeredAtMs = scheduler.now()
          resolve(answer)
        }
        if (crash === 'done') process.die('crash after a request was done')
        else if (crash === 'answer')
          process.deliver(answersMs, () => process.crash('the moment of an answer', answered))
        else if (answer.status === 0 || answersMs >= timesOutMs) breakOff(timesOutMs)
        else if (disturbance.lost === 'answer') breakOff(brokenMs())
        else process.deliver(answersMs, answered)
        return crash === 'done' ? undefined : false
      }
      scheduler.at(arrivesMs, arriveAtService)
    }
    return promise
  }

  function exchange(process: Process, uneven: boolean, request: ServiceRequest): Promise<ServiceResponse> {
    if (!process.alive()) return never()
    const { name, room, invocation, random } = process
    const { service } = request
    const operation = operationOf(request)
    const about = `${name} ${service} ${operation}`
    const atMs = scheduler.now()
    const entry = history.add<ExchangeEntry>({
      kind: 'exchange',
      atMs,
      process: name,
      room,
      invocation,
      service,
      operation,
      request,
    })
    herd.mayFreeze(process, about)
    if (faults.fires('lambda-freeze', about)) process.freeze(random.acrossScales(...FREEZE_MS))
    const crash = faults.fires('lambda-crash', about) ? random.pick(crashes) : undefined
    if (crash !== 'before') return send(process, entry, about, uneven, crash)
    process.die('crash before a request')
    return never()
  }

  return process => {
    herd.join(process)
    const uneven = faults.fires('network-uneven', process.name)
    return request => exchange(process, uneven, request)
  }
}

const crashes = ['before', 'done', 'answer'] as const
type Crash = (typeof crashes)[number]

function operationOf({ service, method, path, headers }: ServiceRequest): string {
  const target = headers['x-amz-target']
  if (target !== undefined) return target.slice(target.indexOf('.') + 1)
  if (service === 'ses') return path.includes('outbound-emails') ? 'SendEmail' : 'GetAccount'
  return service === 'lambda' ? 'Invoke' : method
}
