import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Clock, systemClock } from '../../functions/runtime/clock.ts'
import { ArrivalLog } from './arrival-log.ts'
import { CONTROL_PREFIX, handleControl } from './control.ts'
import { EventOutbox, type PublishEvents } from './events/event-outbox.ts'
import { type AcceptedMessage, scheduleEvents } from './events/message-events.ts'
import { sqsPublisher, wantsEvent } from './events/sqs-publisher.ts'
import { Faults } from './faults.ts'
import { answerJson } from './http.ts'
import { randomUuid, seededUniform } from './limits/seeded-random.ts'
import { MessageSpool } from './mail/message-spool.ts'
import { SmtpRelay } from './mail/smtp-relay.ts'
import { parseOptions, type SesSimulatorOptions, type SesSimulatorSettings } from './options.ts'
import { SendEmailService } from './send-email.ts'
import { SesApi } from './ses-api.ts'
import { newStats } from './stats.ts'

export type { SesSimulatorOptions } from './options.ts'

export interface SesSimulator {
  /** `http://127.0.0.1:PORT`: the endpoint for an SESv2 client, and the control endpoints under `/_simulator/`. */
  readonly url: string
  /** Publishes and relays what is left, then frees everything. */
  close(): Promise<void>
}

export interface SesSimulatorPorts {
  readonly clock: Clock
  /** In place of SQS; gets the events of every configuration set. */
  readonly publish?: PublishEvents
}

/** SES on this computer: stricter than AWS in what it takes, and it keeps what it took. */
export async function startSesSimulator(
  options: SesSimulatorOptions = {},
  ports: SesSimulatorPorts = { clock: systemClock },
): Promise<SesSimulator> {
  const parsed = parseOptions(options)
  if (parsed.kind === 'refused') throw new TypeError(`SES simulator options:\n  ${parsed.faults.join('\n  ')}`)
  const simulator = await assemble(parsed.settings, ports)
  const server = createServer((request, response) => {
    simulator.handle(request, response).catch(error => {
      console.error('SES simulator:', error)
      if (response.headersSent) response.destroy()
      else answerJson(response, 500, { message: 'Internal failure' }, { 'x-amzn-errortype': 'InternalFailure' })
    })
  })
  // Longer than any sender idles: a connection that the server closes is an answer lost, and that is a fault to ask for.
  server.keepAliveTimeout = 600_000
  const url = await listen(server, parsed.settings.port)
  return {
    url,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await simulator.close()
    },
  }
}

async function assemble(initial: SesSimulatorSettings, { clock, publish }: SesSimulatorPorts) {
  let current = initial
  let suppressed = lowerCaseSet(initial.suppressed)
  let counts = newStats()
  const settings = () => current
  const stats = () => counts
  const uniform = seededUniform(initial.seed)
  const faults = new Faults(seededUniform(initial.seed + 1))
  const spool = await MessageSpool.open(initial.spoolDirectory)
  const relay = initial.relay === undefined ? undefined : new SmtpRelay(initial.relay, spool, stats)
  const outbox = new EventOutbox(publish ?? sqsPublisher(settings, clock, () => randomUuid(uniform)), clock, stats)
  const wants =
    publish === undefined
      ? (set: string, type: Parameters<typeof wantsEvent>[2]) =>
          current.eventQueues.some(queue => wantsEvent(queue, set, type))
      : () => true
  const onLost = () => {
    counts.eventsLost += 1
  }

  const accept = async (message: AcceptedMessage, request: Buffer) => {
    const { messageId, acceptedAtMs, from, recipients } = message
    const to = recipients.map(({ address }) => address)
    scheduleEvents(message, { settings, suppressed: () => suppressed, faults, outbox, wants, onLost })
    await spool.keep({ messageId, acceptedAtMs, from: from.address, to }, request)
    relay?.wake()
  }
  const arrivals = new ArrivalLog()
  const service = new SendEmailService(settings, stats, faults, uniform, arrivals, accept, clock.now())
  const api = new SesApi({ settings, stats, service, clock, uniform })

  const change = (changed: SesSimulatorSettings, names: readonly string[]) => {
    current = changed
    suppressed = lowerCaseSet(changed.suppressed)
    if (names.includes('sentLast24Hours')) service.restartQuota(clock.now())
  }
  const forget = async () => {
    await spool.clear()
    arrivals.clear()
    counts = newStats()
  }
  const control = { settings, change, stats, spool, arrivals, faults, forget }

  return {
    handle: async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const path = request.url ?? '/'
      if (!path.startsWith(CONTROL_PREFIX)) return await api.handle(request, response, path)
      await handleControl(control, request, response, new URL(path, 'http://127.0.0.1'))
    },
    close: async (): Promise<void> => {
      await outbox.drain()
      await relay?.close()
      await spool.close()
    },
  }
}

const lowerCaseSet = (texts: readonly string[]): ReadonlySet<string> => new Set(texts.map(text => text.toLowerCase()))

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new TypeError('The server has no port'))
      else resolve(`http://127.0.0.1:${address.port}`)
    })
  })
}
