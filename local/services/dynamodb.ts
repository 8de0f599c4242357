import { EventEmitter } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import dynalite from 'dynalite'
import { returnItemsOfFailedConditions } from './dynalite-conditions.ts'
import { meterConsumption } from './dynamodb-usage.ts'
import { listenOnLoopback, type RunningService } from './loopback-server.ts'
import { DELAY_PATH, Delays } from './table-delay.ts'
import { USAGE_PATH, UsageMeter } from './usage-meter.ts'

const LARGEST_BODY_BYTES = 16 * 1024 * 1024

returnItemsOfFailedConditions()

/**
 * DynamoDB in memory: dynalite behind a front that hands it whole requests only, because dynalite ends its process when
 * a client breaks off in the middle of a body. dynalite's own server never listens; its request handler is called
 * directly, so the front costs no second hop.
 */
export async function startDynamoDb(options: { readonly port?: number } = {}): Promise<RunningService> {
  const handleWhole = requestHandlerOf(dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }))
  const delays = new Delays()
  const meter = new UsageMeter()
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    let size = 0
    request.on('error', () => response.destroy())
    request.on('data', (piece: Buffer) => {
      size += piece.length
      if (size <= LARGEST_BODY_BYTES) pieces.push(piece)
    })
    request.on('end', () => {
      const body = Buffer.concat(pieces)
      if (size > LARGEST_BODY_BYTES) response.writeHead(413).end()
      else if (request.method === 'PUT' && request.url === DELAY_PATH) delays.control(body.toString(), response)
      else if (request.method === 'GET' && request.url === USAGE_PATH) meter.answer(response)
      else {
        const metered = meterConsumption(meter, String(request.headers['x-amz-target']), body, response)
        delays.hold(response, () => handleWhole(request, metered, response))
      }
    })
  })
  return listenOnLoopback(server, options.port)
}

/** What dynalite reads of a request: events, method, url and headers. */
class WholeRequest extends EventEmitter {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']

  constructor({ method, url, headers }: IncomingMessage) {
    super()
    this.method = method
    this.url = url
    this.headers = headers
  }
}

function requestHandlerOf(back: ReturnType<typeof dynalite>) {
  return (request: IncomingMessage, body: Buffer, response: ServerResponse) => {
    const whole = new WholeRequest(request)
    try {
      back.emit('request', whole, response)
      if (body.length > 0) whole.emit('data', body)
      whole.emit('end')
    } catch (error) {
      answerInternalError(response, error)
    }
  }
}

function answerInternalError(response: ServerResponse, error: unknown): void {
  console.error('DynamoDB (local) failed inside:', error)
  if (response.headersSent) return
  response.writeHead(500, { 'content-type': 'application/x-amz-json-1.0' })
  response.end(JSON.stringify({ __type: 'com.amazon.coral.service#InternalServerError', message: String(error) }))
}
