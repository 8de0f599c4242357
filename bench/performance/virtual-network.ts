import type { Exchange, ServiceResponse } from '../../test/simulation/aws/simulated-service.ts'
import type { Services } from '../../test/simulation/network.ts'
import { never, type Process, type World } from '../../test/simulation/process.ts'
import { drawMs, latencies, wayToSes } from './latencies.ts'
import type { SenderTimes } from './sender-times.ts'

/** The way between processes and services when nothing goes wrong: each exchange takes its time. */
export function virtualNetwork(
  { scheduler, random }: World,
  services: Services,
  times: SenderTimes,
): (process: Process) => Exchange {
  const draws = random.fork('network')
  return process => request => {
    if (!process.alive()) return never()
    const { service, path } = request
    const answersAfterMs = drawMs(latencies[service], draws)
    const arrivesAfterMs = service === 'ses' ? drawMs(wayToSes, draws) : answersAfterMs / 2
    const restMs = service === 'ses' ? answersAfterMs : answersAfterMs / 2
    const sends = service === 'ses' && path.endsWith('/outbound-emails')
    if (sends) times.callBegins(process)
    const { promise, resolve } = Promise.withResolvers<ServiceResponse>()
    scheduler.after(arrivesAfterMs, () => {
      const answer = services[service](request)
      process.deliver(scheduler.now() + restMs, () => {
        if (sends) times.callEnds(process)
        resolve(answer)
      })
      return false
    })
    return promise
  }
}
