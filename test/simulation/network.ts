import { connectionReset, timedOut } from './aws/exchange-handler.ts'
import type {
  Exchange,
  ServiceName,
  ServiceRequest,
  ServiceResponse,
  SimulatedService,
} from './aws/simulated-service.ts'
import { type Disturbance, disturb } from './disturbances.ts'
import type { ExchangeEntry } from './history.ts'
import { never, type Process, type World } from './process.ts'

export type Services = Readonly<Record<ServiceName, SimulatedService>>

/** The usual time of one way to a service and back, in milliseconds: mostly between half of it and twice. */
const USUAL_MS: Readonly<Record<ServiceName, number>> = { dynamodb: 4, s3: 20, sqs: 8, ses: 70, lambda: 15 }
const TAIL_MS = [50, 4000] as const
const FREEZE_MS = [300, 120_000] as const
/** As the sender's SES client has it; the other clients wait without end, and see a connection that broke. */
const SES_TIMEOUT_MS = 15_000

/**
 * What lies between a process and the services: each exchange takes its time, and may be lost, answered late or not at all;
 * and at each the process may die before it, after the request has done its work, or as the answer comes.
 */
export function connect(world: World, services: Services, process: Process): Exchange {
  const { scheduler, history, faults } = world

  function arrive(entry: ExchangeEntry, { response, reshape, repeat }: Disturbance): ServiceResponse {
    const serve = () => services[entry.service](entry.request)
    const answer = response ?? serve()
    if (repeat === true) serve()
    const reshaped = reshape === undefined ? answer : reshape(answer)
    if (response === undefined) {
      entry.arrivedAtMs = scheduler.now()
      entry.served = answer
    }
    entry.response = reshaped
    history.add({ kind: 'arrival', atMs: scheduler.now(), of: entry, status: reshaped.status })
    return reshaped
  }

  return request => {
    if (!process.alive()) return never()
    const { random } = process
    const nowMs = scheduler.now()
    const entry: ExchangeEntry = history.add({
      kind: 'exchange',
      atMs: nowMs,
      process: process.name,
      room: process.room,
      invocation: process.invocation,
      service: request.service,
      operation: operationOf(request),
      request,
    })
    const about = `${process.name} ${entry.service} ${entry.operation}`
    if (faults.fires('lambda-freeze', about)) process.freeze(random.acrossScales(...FREEZE_MS))
    const crash = faults.fires('lambda-crash', about) ? random.pick(['before', 'done', 'answer'] as const) : undefined
    if (crash === 'before') {
      process.die('crash before a request')
      return never()
    }
    const disturbance = disturb(world, entry, about)
    if (disturbance.fault) process.meetFault()
    const usualMs = USUAL_MS[request.service]
    const tailMs = faults.fires('network-tail', about) ? random.acrossScales(...TAIL_MS) : 0
    const travelMs = random.acrossScales(usualMs / 2, usualMs * 2) + tailMs
    const arrivesMs = nowMs + travelMs * random.between(0.3, 0.7)
    const answersMs = nowMs + travelMs + (disturbance.answerAfterMs ?? 0)
    const { promise, resolve, reject } = Promise.withResolvers<ServiceResponse>()

    const timesOutMs = request.service === 'ses' ? nowMs + SES_TIMEOUT_MS : Number.POSITIVE_INFINITY
    let settled = false
    const settle = (action: () => void) => () => {
      if (settled) return
      settled = true
      action()
    }
    if (disturbance.lost === 'request') {
      const breaksMs = Math.min(timesOutMs, nowMs + random.acrossScales(50, 5000))
      process.deliver(
        breaksMs,
        settle(() => reject(breaksMs === timesOutMs ? timedOut() : connectionReset())),
      )
      return promise
    }
    scheduler.at(arrivesMs, () => {
      const answer = arrive(entry, disturbance)
      if (crash === 'done') process.die('crash after a request was done')
      if (crash === 'answer') process.deliver(answersMs, () => process.die('crash as an answer came'))
      if (crash !== undefined) return undefined
      if (answer.status === 0 || disturbance.lost === 'answer' || answersMs > timesOutMs) {
        const byTimeout =
          request.service === 'ses' && (answer.status === 0 || answersMs > timesOutMs || random.chance(0.7))
        const breaksMs = byTimeout ? timesOutMs : Math.min(timesOutMs, answersMs + random.acrossScales(20, 5000))
        process.deliver(
          breaksMs,
          settle(() => reject(byTimeout ? timedOut() : connectionReset())),
        )
        return false
      }
      process.deliver(
        answersMs,
        settle(() => {
          entry.answeredAtMs = scheduler.now()
          resolve(answer)
        }),
      )
      return false
    })
    return promise
  }
}

function operationOf({ service, method, path, headers }: ServiceRequest): string {
  const target = headers['x-amz-target']
  if (target !== undefined) return target.slice(target.indexOf('.') + 1)
  if (service === 'ses') return path.includes('outbound-emails') ? 'SendEmail' : 'GetAccount'
  return service === 'lambda' ? 'Invoke' : method
}
