import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { listenOnLoopback } from '../../../local/services/loopback-server.ts'

export interface Exchange {
  readonly method: string
  /** With the query, as the client sent it. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly status: number
  readonly answerHeaders: IncomingHttpHeaders
  readonly answer: string
}

export interface RecordingProxy {
  readonly url: string
  /** From now on requests are answered with this status alone; undefined: they reach the service again. */
  refuse(status: number | undefined): void
  close(): Promise<void>
}

/** Stands before a service and tells of every exchange. What a client breaks off is broken off behind it too. */
export async function startRecordingProxy(
  target: string,
  record: (exchange: Exchange) => void,
): Promise<RecordingProxy> {
  let refusal: number | undefined

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = incoming
    const body = await textOf(incoming)
    if (refusal !== undefined) {
      outgoing.writeHead(refusal, { 'content-type': 'application/x-amz-json-1.0' }).end('{}')
      return
    }
    const call = request(new URL(target), { method, path, headers })
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) call.destroy()
    })
    const answered = new Promise<IncomingMessage>((resolve, reject) => call.on('response', resolve).on('error', reject))
    call.end(body)
    const response = await answered
    const answer = await textOf(response)
    const { statusCode: status = 502, headers: answerHeaders } = response
    record({ ...{ method, path, headers, status, answerHeaders }, body: body.toString(), answer: answer.toString() })
    outgoing.writeHead(status, answerHeaders).end(answer)
  }

  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy())
  })
  const { endpoint, close } = await listenOnLoopback(server)
  return {
    url: endpoint,
    refuse: status => {
      refusal = status
    },
    close,
  }
}

async function textOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of message) pieces.push(piece)
  return Buffer.concat(pieces)
}
