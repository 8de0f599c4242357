import { createApi } from '../../functions/api/app.ts'
import type { ApiPorts } from '../../functions/api/ports.ts'
import type { Audience, ReadyAudience } from '../../functions/recipient/audience.ts'
import { encodeBatchSlice, sha256Hex } from '../../functions/recipient/batch-index.ts'
import { type AudienceRow, BATCH_SIZE, type Recipient } from '../../functions/recipient/recipient.ts'
import { encodeRecipientLine } from '../../functions/recipient/recipient-line.ts'
import { systemRandom } from '../../functions/runtime/random.ts'
import { sealed, TEST_KEY_ID } from '../memory/memory-audience-keys.ts'
import { memoryAudienceStore } from '../memory/memory-audience-store.ts'
import { memoryContentStore } from '../memory/memory-content-store.ts'
import { memoryGrantedRates } from '../memory/memory-granted-rates.ts'
import { memoryLedgerStore } from '../memory/memory-ledger-store.ts'
import { memoryNoticeStore } from '../memory/memory-notice-store.ts'

export const startOfTest = Date.parse('2026-11-20T12:00:00Z')
export const operator = 'arn:aws:iam::123456789012:user/ada'

/** The API over memory, and what the outside world did to it. */
export function apiUnderTest(changes: Partial<ApiPorts> = {}) {
  const indexed = new Map<string, { recipients: Uint8Array; batches: Uint8Array }>()
  const woken: string[] = []
  const logged: unknown[] = []
  const time = { nowMs: startOfTest }
  const rates = memoryGrantedRates()
  const ledger = memoryLedgerStore()
  const ports: ApiPorts = {
    notices: memoryNoticeStore(),
    contents: memoryContentStore(),
    audiences: memoryAudienceStore(indexed),
    audienceObjects: {
      isKept: async audienceId => indexed.has(audienceId),
      readRecipientBytes: async (audienceId, offset, length) =>
        indexed.get(audienceId)?.recipients.subarray(offset, offset + length) ?? new Uint8Array(),
    },
    ledger,
    rates,
    account: {
      readQuota: async () => ({
        maxSendRate: 14,
        max24HourSend: 50_000,
        sentLast24Hours: 0,
        sendingEnabled: true,
      }),
    },
    links: {
      upload: async (noticeId, audienceId) => ({
        method: 'PUT',
        url: `https://bucket.test/uploads/${noticeId}/${audienceId}?signature`,
        headers: { 'if-none-match': '*' },
        expiresAtMs: time.nowMs + 3_600_000,
      }),
      recipients: async audienceId => ({
        recipientsUrl: `https://bucket.test/audiences/${audienceId}/recipients.ndjson?signature`,
        batchesUrl: `https://bucket.test/audiences/${audienceId}/batches?signature`,
        expiresAtMs: time.nowMs + 900_000,
      }),
      refusedRows: async audienceId => `https://bucket.test/audiences/${audienceId}/refused-rows.csv?signature`,
    },
    waker: {
      wake: async noticeId => {
        woken.push(noticeId)
      },
    },
    clock: { now: () => time.nowMs, sleep: async () => {} },
    random: systemRandom,
    log: {
      info: (...line) => logged.push(line),
      warn: (...line) => logged.push(line),
      error: (...line) => logged.push(line),
    },
    senderIdentity: 'notices@example.com',
    deliveryRetentionDays: 400,
    stack: { rateShare: 1, lanes: {}, senderConcurrency: 7, sandbox: false },
    ...changes,
  }
  const api = createApi(ports)
  const bindings = { event: { requestContext: { authorizer: { iam: { userArn: operator } } } } }

  async function request(path: string, init: RequestInit, env: object = bindings) {
    const response = await api.request(path, init, env)
    const text = await response.text()
    const contentType = response.headers.get('content-type')
    return { status: response.status, contentType, text, body: text === '' ? undefined : JSON.parse(text) }
  }

  const json = { 'content-type': 'application/json' }
  const get = (path: string) => request(path, {})
  const post = (path: string, body: unknown = {}) =>
    request(path, { method: 'POST', headers: json, body: JSON.stringify(body) })

  /** Creates a draft and returns its id. */
  async function draft(body: unknown = newNotice()): Promise<string> {
    return (await post('/notices', body)).body.noticeId
  }

  /** What the audience function does once the file has been uploaded and indexed. */
  async function index(noticeId: string, recipients: readonly Recipient[], set: Partial<ReadyAudience> = {}) {
    const { audienceId } = (await post(`/notices/${noticeId}/audience`)).body
    const { bytes, audience } = indexAudience(audienceId, recipients)
    indexed.set(audienceId, bytes)
    await ports.notices.recordAudience(noticeId, { ...audience, ...set })
  }

  async function setAudience(noticeId: string, audience: (audienceId: string) => Audience) {
    const { audienceId } = (await post(`/notices/${noticeId}/audience`)).body
    await ports.notices.recordAudience(noticeId, audience(audienceId))
  }

  return {
    indexed,
    ledger,
    rates,
    api,
    ports,
    time,
    woken,
    logged,
    request,
    get,
    post,
    draft,
    index,
    setAudience,
  }
}
export type ApiUnderTest = ReturnType<typeof apiUnderTest>

export function newNotice(changes: object = {}) {
  return {
    name: 'Index change',
    replyTo: 'support@example.com',
    content: {
      defaultLocale: 'en',
      variants: {
        en: { subject: 'Hello {{name}}', text: 'Dear {{name}},\nplan {{plan}}', html: '<p>{{name}} & {{plan}}</p>' },
        es: { subject: 'Hola {{name}}', text: 'Hola {{name}}', html: '<p>{{name}}</p>' },
      },
    },
    ...changes,
  }
}

const rows: readonly AudienceRow[] = [
  { address: 'ana@customers.test', key: 'a'.repeat(22), locale: 'es-MX', variables: { name: 'Ana', plan: 'A' } },
  { address: 'bob@customers.test', key: 'b'.repeat(22), variables: { name: 'Bob <b>', plan: 'bob@customers.test' } },
  ...Array.from({ length: 148 }, (_, i) => ({
    address: `customer-${i}@customers.test`,
    key: String(i).padStart(22, 'c'),
    locale: 'en',
    variables: { name: `Customer ${i}`, plan: 'C' },
  })),
]
export const customers: readonly Recipient[] = rows.map(sealed)

function indexAudience(audienceId: string, recipients: readonly Recipient[]) {
  const slices: string[] = []
  const lines = recipients.map(encodeRecipientLine)
  let offset = 0
  for (let first = 0; first < lines.length; first += BATCH_SIZE) {
    const bytes = Buffer.from(lines.slice(first, first + BATCH_SIZE).join(''))
    const size = Math.min(BATCH_SIZE, lines.length - first)
    slices.push(encodeBatchSlice({ offset, length: bytes.length, size, digest: sha256Hex(bytes) }))
    offset += bytes.length
  }
  const batches = Buffer.from(slices.join(''))
  const names = [...new Set(recipients.flatMap(({ variables }) => Object.keys(variables)))]
  const presence = names.map(name => {
    const present = recipients.filter(({ variables }) => Object.hasOwn(variables, name)).length
    return [name, { present }] as const
  })
  const byLocale = Map.groupBy(recipients, ({ locale }) => locale ?? '')
  const audience: ReadyAudience = {
    state: 'ready',
    audienceId,
    keyId: TEST_KEY_ID,
    rows: recipients.length + 2,
    recipients: recipients.length,
    refusedRows: 2,
    refusedByReason: { duplicate: 1, 'address-without-domain': 1 },
    batches: slices.length,
    digest: sha256Hex(batches),
    locales: Object.fromEntries([...byLocale].map(([locale, { length }]) => [locale, length])),
    lanes: {},
    variables: Object.fromEntries(presence),
  }
  return { bytes: { recipients: Buffer.from(lines.join('')), batches }, audience }
}

/** Audiences that cannot be sent to yet: how each is, and what to do about it. */
export const unreadyAudiences: readonly [string, (audienceId: string) => Audience, string][] = [
  ['has not been uploaded', audienceId => ({ state: 'awaiting-upload', audienceId }), 'Upload it to the link'],
  ['is being indexed', audienceId => ({ state: 'indexing', audienceId, keyId: TEST_KEY_ID }), 'Wait until'],
  [
    'was refused',
    audienceId => ({ state: 'refused', audienceId, problem: { code: 'empty', message: 'The file is empty.' } }),
    'The file is empty. Mend the file',
  ],
]
