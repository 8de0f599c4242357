import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod'
import type { ArrivalLog } from './arrival-log.ts'
import { type Faults, faultSchema } from './faults.ts'
import { answerJson, readBody, streamNdjson } from './http.ts'
import type { MessageSpool } from './mail/message-spool.ts'
import { composeMime } from './mail/mime.ts'
import { changeOptions, type SesSimulatorSettings } from './options.ts'
import type { SimulatorStats } from './stats.ts'

export interface ControlPorts {
  readonly settings: () => SesSimulatorSettings
  readonly change: (settings: SesSimulatorSettings, changed: readonly string[]) => void
  readonly stats: () => SimulatorStats
  readonly spool: MessageSpool
  readonly arrivals: ArrivalLog
  readonly faults: Faults
  /** Forgets the messages and counts from zero. */
  readonly forget: () => Promise<void>
}

export const CONTROL_PREFIX = '/_simulator/'
const BODY_BYTES_MAX = 1024 * 1024
const pagingSchema = z.coerce.number().int().nonnegative()

type Handler = (ports: ControlPorts, request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>

/** What tests, demo and drills ask of the simulator itself. */
const handlers: Readonly<Record<string, Handler>> = {
  'GET stats': async ({ stats }, _, response) => answerJson(response, 200, stats()),
  'GET options': async ({ settings }, _, response) => answerJson(response, 200, settings()),
  'PUT options': putOptions,
  'GET faults': async ({ faults }, _, response) => answerJson(response, 200, faults.list()),
  'POST faults': postFault,
  'DELETE faults': async ({ faults }, _, response) => {
    faults.clear()
    answerJson(response, 200, faults.list())
  },
  'GET messages': getMessages,
  'GET acceptances': getAcceptances,
  'GET arrivals': async ({ arrivals }, _, response) => await streamNdjson(response, arrivals.list()),
  'DELETE messages': async ({ forget, stats }, _, response) => {
    await forget()
    answerJson(response, 200, stats())
  },
}

export async function handleControl(ports: ControlPorts, request: IncomingMessage, response: ServerResponse, url: URL) {
  const handler = handlers[`${request.method} ${url.pathname.slice(CONTROL_PREFIX.length)}`]
  if (handler === undefined) {
    const known = Object.keys(handlers).map(route => route.replace(' ', ` ${CONTROL_PREFIX}`))
    answerJson(response, 404, { message: `Unknown control endpoint. Known: ${known.join(', ')}` })
    return
  }
  await handler(ports, request, response, url)
}

async function putOptions(ports: ControlPorts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const changes = await readJson(request)
  const result = changeOptions(ports.settings(), changes)
  if (result.kind === 'refused') {
    answerJson(response, 400, { message: 'These options cannot be used; nothing was changed.', faults: result.faults })
    return
  }
  ports.change(result.settings, Object.keys(Object(changes)))
  answerJson(response, 200, ports.settings())
}

async function postFault({ faults }: ControlPorts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parsed = faultSchema.safeParse(await readJson(request))
  if (parsed.success) {
    faults.add(parsed.data)
    answerJson(response, 200, faults.list())
    return
  }
  const found = parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`)
  answerJson(response, 400, { message: 'This fault cannot be made.', faults: found })
}

async function getMessages({ spool }: ControlPorts, _: IncomingMessage, response: ServerResponse, url: URL) {
  await stream(response, url, from => kept(spool, from))
}

async function* kept(spool: MessageSpool, from: number): AsyncGenerator<unknown> {
  for await (const message of spool.readRequestsFrom(from)) {
    const mime = await composeMime(message)
    const { messageId, acceptedAtMs, to } = message
    yield { messageId, acceptedAtMs, envelope: { from: message.from, to }, mime: mime.toString('base64') }
  }
}

async function getAcceptances({ spool }: ControlPorts, _: IncomingMessage, response: ServerResponse, url: URL) {
  await stream(response, url, from => accepted(spool, from))
}

async function* accepted(spool: MessageSpool, from: number): AsyncGenerator<unknown> {
  for await (const { messageId, acceptedAtMs, to } of spool.readFrom(from)) yield { messageId, atMs: acceptedAtMs, to }
}

async function stream(response: ServerResponse, url: URL, items: (from: number) => AsyncIterable<unknown>) {
  const from = pagingSchema.safeParse(url.searchParams.get('from') ?? '0')
  if (from.success) await streamNdjson(response, items(from.data))
  else answerJson(response, 400, { message: 'from must be a whole number: how many messages to leave out' })
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, BODY_BYTES_MAX)
  try {
    return JSON.parse(body?.toString() ?? '')
  } catch {
    return undefined
  }
}
