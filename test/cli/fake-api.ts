import { createServer, type IncomingMessage } from 'node:http'
import { Hono } from 'hono'
import { type Audience, hasRefusedRows, type ReadyAudience } from '../../functions/recipient/audience.ts'
import { type FakeRecipients, fakeRecipients, serveRecipients } from './fake-audience.ts'
import { fakeEstimate, serveEstimates } from './fake-estimate.ts'

export const ready: ReadyAudience = {
  state: 'ready',
  audienceId: 'a-1',
  keyId: 'key-1',
  rows: 5000,
  recipients: 4935,
  refusedRows: 65,
  refusedByReason: { 'address-without-at': 25, duplicate: 40 },
  batches: 50,
  digest: 'd',
  locales: { en: 4935 },
  lanes: {},
  variables: {},
}

const counts = { planned: 4935, rejected: 0, failed: 0, suppressed: 0, inDoubt: 0 }

/** What the fake does; a test changes what it is about. */
export interface FakeBehaviour {
  audience: Audience
  /** Locales whose variant somebody gets. */
  variants: string[]
  /** Answers of GET status, one after the other; the last stays. */
  standings: { state: 'sending' | 'stopped' | 'finished'; accepted: number }[]
  preview: object
  /** Answers of GET report to a stop, one after the other; the last stays. */
  stops: object[]
  stoppedNotices: string[]
  /** Of the start, the resumption and the retry. */
  warnings: string[]
  /** What a notice and its status show of how fast it goes. */
  pace: object
  /** What the report has beside its usual figures. */
  reported: object
  /** Who did what with it. */
  history: object
  run: number
  listed: FakeRecipients
  estimate: object
  /** Calls that are refused: always, or so many times. */
  refuse: Readonly<Record<string, { status: number; problem: object | string; times?: number }>>
}

export interface FakeApi extends AsyncDisposable {
  readonly url: string
  readonly behaviour: FakeBehaviour
  /** Requests so far, such as `POST /notices/n-1/start`. */
  readonly calls: string[]
  readonly created: unknown[]
  /** Bodies of starts, resumptions and retries. */
  readonly paces: unknown[]
  /** Queries of estimates. */
  readonly estimated: unknown[]
  readonly uploads: { bytes: number; contentLength: string | undefined; contentType: string | undefined }[]
}

/** The API as the contract has it, with one notice, on a port of its own. */
export async function startFakeApi(changes: Partial<FakeBehaviour> = {}): Promise<FakeApi> {
  const behaviour: FakeBehaviour = {
    audience: ready,
    variants: [],
    standings: [
      { state: 'sending', accepted: 2000 },
      { state: 'finished', accepted: 4935 },
    ],
    preview: {
      kind: 'rendered',
      locale: 'en',
      subject: 'Hello Ana',
      text: 'Dear Ana,\n\nhello.\n',
      html: '<p>Hello</p>',
    },
    stops: [],
    stoppedNotices: ['n-1', 'n-2'],
    warnings: [],
    pace: {},
    reported: {},
    history: { entries: [], leftOut: 0 },
    run: 1,
    listed: fakeRecipients(1, []),
    estimate: fakeEstimate,
    refuse: {},
    ...changes,
  }
  const calls: string[] = []
  const created: unknown[] = []
  const paces: unknown[] = []
  const estimated: unknown[] = []
  const uploads: FakeApi['uploads'] = []
  const notice = { noticeId: 'n-1', name: 'A notice', state: 'draft', from: { address: 'notices@exchange.example' } }
  const standing = () => {
    const { state, accepted } = behaviour.standings[0] ?? { state: 'finished', accepted: 4935 }
    if (behaviour.standings.length > 1) behaviour.standings.shift()
    const stopReason = state === 'stopped' ? { stopReason: { kind: 'operator', by: 'ops' } } : {}
    return { ...notice, ...counts, ...stopReason, state, run: behaviour.run, accepted, pending: 4935 - accepted }
  }
  const stopOf = () => (behaviour.stops.length > 1 ? behaviour.stops.shift() : behaviour.stops[0])
  const app = new Hono()
  app.use(async (c, next) => {
    const call = `${c.req.method} ${c.req.path}`
    calls.push(call)
    const refused = behaviour.refuse[call]
    if (refused === undefined || refused.times === 0) return next()
    if (refused.times !== undefined) refused.times--
    const body = typeof refused.problem === 'string' ? refused.problem : JSON.stringify(refused.problem)
    return new Response(body, { status: refused.status })
  })
  app.get('/notices', c =>
    c.json({ notices: [{ ...notice, ...behaviour.pace, createdAt: '2026-11-20T10:00:00.000Z' }] }),
  )
  app.post('/notices', async c => {
    created.push(await c.req.json())
    return c.json(notice, 201)
  })
  app.post('/notices/n-1/audience', c => {
    const upload = { method: 'PUT', url: `${url}/upload`, headers: { 'content-type': 'text/csv' }, expiresAt: '' }
    return c.json({ audienceId: 'a-1', upload })
  })
  app.put('/upload', async c => {
    const { byteLength } = await c.req.arrayBuffer()
    uploads.push({
      bytes: byteLength,
      contentLength: c.req.header('content-length'),
      contentType: c.req.header('content-type'),
    })
    return c.body(null)
  })
  app.get('/notices/n-1/audience', c =>
    c.json({
      ...behaviour.audience,
      variants: behaviour.variants.map(variant => ({ locale: variant, recipients: 1, variant })),
      ...(hasRefusedRows(behaviour.audience) ? { refusedRowsUrl: 'http://s3/x' } : {}),
    }),
  )
  app.post('/notices/n-1/preview', c => c.json(behaviour.preview))
  app.post('/notices/n-1/stop', c => c.json({ ...notice, messagesAtMost: 120 }))
  app.post('/stop', c => c.json({ stoppedAt: '', notices: behaviour.stoppedNotices, messagesAtMost: 240 }))
  app.post('/notices/n-1/approve', c => c.json(notice))
  for (const action of ['start', 'resume', 'retry']) {
    app.post(`/notices/n-1/${action}`, async c => {
      paces.push(await c.req.json())
      return c.json({ ...notice, warnings: behaviour.warnings, ...(action === 'retry' && { recipients: 12 }) })
    })
  }
  app.get('/notices/n-1/status', c =>
    c.json({
      ...standing(),
      ...behaviour.pace,
      batches: { planned: 50, done: 20 },
      limitPerSecond: 200,
      ratePerSecond: 199.5,
      secondsLeft: 15,
    }),
  )
  app.get('/notices/n-1/report', c => {
    const stop = stopOf()
    return c.json({
      ...standing(),
      ...{ bounced: 7, complained: 1, retryable: 12, sentAgain: 2 },
      ...(stop && { stop }),
      firstAcceptedAt: '2026-11-20T10:00:00.000Z',
      lastAcceptedAt: '2026-11-20T10:00:24.700Z',
      ...{ seconds: 24.7, ratePerSecond: 199.8, limitPerSecond: 200, utilisation: 0.999, throttles: 0 },
      audience: { rows: 5000, recipients: 4935, refusedRows: 65, refusedByReason: ready.refusedByReason },
      ...behaviour.reported,
    })
  })
  app.get('/notices/n-1/history', c => c.json(behaviour.history))
  serveEstimates(app, estimated, () => behaviour.estimate)
  serveRecipients(
    app,
    () => url,
    () => behaviour.listed,
  )
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const method = request.method ?? 'GET'
    const answer = await app.request(`${url}${request.url}`, { method, headers, ...(method === 'GET' ? {} : { body }) })
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const dispose = async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  return { url, behaviour, calls, created, paces, estimated, uploads, [Symbol.asyncDispose]: dispose }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}
