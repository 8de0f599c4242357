import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../functions/runtime/clock.ts'
import { answerJson, readBody } from './http.ts'
import { drawLatencyMs } from './limits/latency.ts'
import { randomUuid, type Uniform } from './limits/seeded-random.ts'
import type { SesSimulatorSettings } from './options.ts'
import { type SesError, sesError, sesErrorStatuses } from './request/ses-error.ts'
import type { SendEmailService } from './send-email.ts'
import type { SimulatorStats } from './stats.ts'

export interface SesApiPorts {
  readonly settings: () => SesSimulatorSettings
  readonly stats: () => SimulatorStats
  readonly service: SendEmailService
  readonly clock: Clock
  readonly uniform: Uniform
}

/** 40 MB of message, its JSON escapes, and the rest of the request. */
const BODY_BYTES_MAX = 64 * 1024 * 1024

/** The REST protocol of SESv2, as far as OnlyTo speaks it: SendEmail and GetAccount. */
export class SesApi {
  readonly #ports: SesApiPorts
  #inFlight = 0

  constructor(ports: SesApiPorts) {
    this.#ports = ports
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const operation = `${request.method} ${path}`
    if (operation === 'POST /v2/email/outbound-emails') await this.#sendEmail(request, response)
    else if (request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') !== true) this.#refuse(response, unsigned)
    else if (operation === 'GET /v2/email/account') this.#getAccount(response)
    else this.#refuse(response, sesError('UnknownOperationException', 'The operation is not known.'))
  }

  async #sendEmail(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { clock, stats } = this.#ports
    const arrivedAtMs = clock.now()
    this.#inFlight += 1
    stats().maxInFlight = Math.max(stats().maxInFlight, this.#inFlight)
    try {
      const body = await readBody(request, BODY_BYTES_MAX)
      if (request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') !== true) this.#refuse(response, unsigned)
      else if (body === undefined) this.#refuse(response, tooLarge)
      else await this.#answerSendEmail(body, arrivedAtMs, response)
    } finally {
      this.#inFlight -= 1
    }
  }

  async #answerSendEmail(body: Buffer, arrivedAtMs: number, response: ServerResponse): Promise<void> {
    const { service, clock, settings, uniform } = this.#ports
    const outcome = service.receive(body, arrivedAtMs)
    const latency = clock.sleep(drawLatencyMs(settings(), uniform))
    if (outcome.kind !== 'error') await outcome.kept
    await latency
    switch (outcome.kind) {
      case 'error':
        this.#refuse(response, outcome)
        break
      case 'accepted':
        this.#answer(response, 200, { MessageId: outcome.messageId })
        break
      case 'accepted-then-error':
        this.#refuse(response, outcome.error)
        break
      case 'no-answer':
        if (outcome.connection === 'destroyed') response.destroy()
        break
    }
  }

  #getAccount(response: ServerResponse): void {
    const { service, clock, settings } = this.#ports
    const { maxSendRate, max24HourSend, paused, sandbox } = settings()
    this.#answer(response, 200, {
      DedicatedIpAutoWarmupEnabled: false,
      EnforcementStatus: 'HEALTHY',
      ProductionAccessEnabled: !sandbox,
      SendQuota: {
        Max24HourSend: max24HourSend,
        MaxSendRate: maxSendRate,
        SentLast24Hours: service.sentLast24Hours(clock.now()),
      },
      SendingEnabled: !paused,
      SuppressionAttributes: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
      VdmAttributes: { VdmEnabled: 'DISABLED' },
    })
  }

  #refuse(response: ServerResponse, { type, message }: SesError): void {
    this.#answer(response, sesErrorStatuses[type], { message }, { 'x-amzn-errortype': type })
  }

  #answer(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
    answerJson(response, status, body, { 'x-amzn-requestid': randomUuid(this.#ports.uniform), ...headers })
  }
}

const unsigned = sesError('MissingAuthenticationTokenException', 'Missing Authentication Token')
const tooLarge = sesError('RequestEntityTooLargeException', 'The request is too large.')
