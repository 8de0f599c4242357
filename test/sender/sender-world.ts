import { createHash } from 'node:crypto'
import type { SimpleMail } from '../../functions/leak-guard/simple-mail.ts'
import { settled } from '../../functions/ledger/counts.ts'
import type { Fact } from '../../functions/ledger/delivery.ts'
import type { LedgerStore } from '../../functions/ledger/ledger-store.ts'
import type { Content } from '../../functions/notice/content.ts'
import type { Notice, WaitReason } from '../../functions/notice/notice.ts'
import type { NoticeStore } from '../../functions/notice/notice-store.ts'
import { createPacer, type Pacer } from '../../functions/pacer/pacer.ts'
import type { AudienceKeys } from '../../functions/recipient/audience-keys.ts'
import type { AudienceRow, Recipient } from '../../functions/recipient/recipient.ts'
import type { Log } from '../../functions/runtime/log.ts'
import { keepPacers } from '../../functions/sender/lane-pacers.ts'
import type { SenderPorts } from '../../functions/sender/ports.ts'
import { batchSender } from '../../functions/sender/send-batch.ts'
import type { SesAnswer } from '../../functions/ses/mailer.ts'
import { memoryAudienceKeys, sealed } from '../memory/memory-audience-keys.ts'
import { memoryAudienceStore } from '../memory/memory-audience-store.ts'
import { memoryBatchQueue } from '../memory/memory-batch-queue.ts'
import { memoryContentStore } from '../memory/memory-content-store.ts'
import { memoryLedgerStore } from '../memory/memory-ledger-store.ts'
import { memoryNoticeStore } from '../memory/memory-notice-store.ts'
import { memoryPacerStore } from '../memory/memory-pacer-store.ts'
import { draftNotice, readyAudience, usualOrder } from '../memory/sample-notice.ts'
import { virtualClock } from '../memory/virtual-clock.ts'
import { indexAudience } from './indexed-audience.ts'

export const SETTLE_DELAY_MS = 60_000

/** A turn without an end. */
export const patient = { deadlineMs: Number.POSITIVE_INFINITY }

export const timesSent = (calls: readonly { to: string }[]) => Map.groupBy(calls, ({ to }) => to)

export interface Call {
  readonly atMs: number
  readonly to: string
  readonly recipientKey: string
  readonly request: SimpleMail
}

export interface WorldOptions {
  /** Sealed as they are given. */
  readonly recipients?: readonly AudienceRow[]
  readonly ratePerSecond?: number
  /** The lane of each batch, and the rates granted to lanes. */
  readonly lanes?: readonly (string | undefined)[]
  readonly laneRates?: Readonly<Record<string, number>>
  readonly policy?: Notice['inDoubtPolicy']
  readonly content?: Content
  /** What SES answers to the n-th call, and after how long. Accepted after 80 ms by default. */
  readonly answer?: (call: Call, index: number) => SesAnswer | Promise<SesAnswer>
  readonly latencyMs?: (index: number) => number
  /** Whether SES publishes SEND events for what it accepts. */
  readonly events?: boolean
  readonly keys?: AudienceKeys
  /** Faults laid over the stores. */
  readonly ledger?: (ledger: LedgerStore) => LedgerStore
  readonly notices?: (notices: NoticeStore) => NoticeStore
  readonly pacer?: (pacer: Pacer, lane: string | undefined) => Pacer
}

export function people(count: number): readonly Recipient[] {
  return Array.from({ length: count }, (_, index) =>
    sealed({
      address: `customer-${index}@example.com`,
      key: createHash('sha256').update(String(index)).digest('base64url').slice(0, 22),
      variables: { name: `Customer ${index}` },
    }),
  )
}

const plainContent: Content = {
  defaultLocale: 'en',
  variants: {
    en: {
      subject: 'Index change',
      text: 'Dear {{name}}, write to support@example.com',
      html: '<p>Dear {{name}}, write to support@example.com</p>',
    },
  },
}

/** A notice that is being sent, over stores in memory, a pacer, virtual time and a mailer that does as it is told. */
export async function senderWorld(options: WorldOptions = {}) {
  const clock = virtualClock()
  const recipients = (options.recipients ?? people(250)).map(sealed)
  const indexed = indexAudience(recipients, options.lanes)
  const contents = memoryContentStore()
  const contentDigest = await contents.put(options.content ?? plainContent)
  const notices = memoryNoticeStore()
  let mostCounted = 0
  const stored: NoticeStore = {
    ...notices,
    addToTally: async (...added) => {
      const counted = await notices.addToTally(...added)
      mostCounted = Math.max(mostCounted, settled(counted.tally))
      return counted
    },
  }
  const ledgerInMemory = memoryLedgerStore()
  const queue = memoryBatchQueue()
  const calls: Call[] = []
  const counted = new Map<string, number>()
  const logged: string[] = []
  const log = (message: string, ...rest: unknown[]) => logged.push(`${message} ${JSON.stringify(rest)}`)

  const { noticeId } = draftNotice()
  await stored.create(draftNotice({ contentDigest, inDoubtPolicy: options.policy ?? 'resend' }))
  await stored.expectAudience(noticeId, 'a-1', 'ada', 1)
  const audience = readyAudience({
    recipients: recipients.length,
    rows: recipients.length,
    batches: indexed.count,
    digest: indexed.digest,
  })
  await stored.recordAudience(noticeId, audience)
  await stored.approve(noticeId, { by: 'bob', atMs: clock.now(), contentDigest, audienceDigest: indexed.digest })
  await stored.start(noticeId, usualOrder, clock.now())

  const pacerOf = keepPacers(lane => {
    const pacer = createPacer(memoryPacerStore(), clock)
    return options.pacer?.(pacer, lane) ?? pacer
  })
  await pacerOf(undefined).grant(options.ratePerSecond ?? 500)
  for (const [lane, rate] of Object.entries(options.laneRates ?? {})) await pacerOf(lane).grant(rate)

  async function publishSend({ recipientKey, request, atMs }: Call, messageId: string): Promise<void> {
    const tag = (name: string) => Number(request.EmailTags.find(({ Name }) => Name === name)?.Value)
    const about = { noticeId, batch: tag('batch'), attempt: tag('attempt'), recipientKey }
    await ledgerInMemory.putFacts([{ ...about, fact: 'send', messageId, atMs }])
  }

  const ports: SenderPorts = {
    notices: options.notices?.(stored) ?? stored,
    contents,
    audiences: memoryAudienceStore(new Map([['a-1', indexed]])),
    keys: options.keys ?? memoryAudienceKeys(),
    ledger: options.ledger?.(ledgerInMemory) ?? ledgerInMemory,
    pacerOf,
    mailer: {
      send: async ({ request }) => {
        const recipientKey = request.EmailTags.find(({ Name }) => Name === 'recipient')?.Value ?? ''
        const call = { atMs: clock.now(), to: request.Destination.ToAddresses[0], recipientKey, request }
        const index = calls.push(call) - 1
        const answer = await (options.answer?.(call, index) ?? { kind: 'accepted', messageId: `m-${index}` })
        if (answer.kind === 'accepted' && options.events !== false) await publishSend(call, answer.messageId)
        await clock.sleep(options.latencyMs?.(index) ?? 80)
        return answer
      },
    },
    queue,
    clock,
    random: { bytes: count => crypto.getRandomValues(new Uint8Array(count)) },
    log: {
      info: log,
      warn: log,
      error: (message, fields, cause) => log(message, fields, cause instanceof Error ? cause.message : cause),
    } satisfies Log,
    metrics: { count: (name, value) => counted.set(name, (counted.get(name) ?? 0) + value), flush: () => {} },
    settings: { configurationSet: 'notices', settleDelayMs: SETTLE_DELAY_MS },
  }

  return {
    ports,
    clock,
    noticeId,
    recipients,
    calls,
    counted,
    logged,
    queue,
    batches: indexed.count,
    ledger: ledgerInMemory,
    notices: stored,
    publishSend,
    /** The most recipients that the cached tally ever claimed to have a fate. */
    mostCounted: () => mostCounted,
    /** One execution environment of the sender. */
    sender: () => batchSender(ports),
    /** The dispatcher has the notice wait, or no longer. */
    letWait: async (waits: WaitReason | undefined, { turn } = { turn: 1 }) => {
      const notice = await stored.read(noticeId)
      const atMs = clock.now()
      const feed = { run: notice?.run ?? 0, queued: {}, turn, sinceMs: atMs, atMs, ratePerSecond: 500, beside: 1 }
      if (notice) await stored.recordFeed(notice, { ...feed, ...(waits && { waits: { for: waits, sinceMs: atMs } }) })
    },
    read: async () => {
      const notice = await stored.read(noticeId)
      if (notice === undefined) throw new Error('The notice is gone')
      return notice
    },
    facts: async (): Promise<readonly Fact[]> =>
      (
        await Promise.all(
          Array.from({ length: indexed.count }, (_, batch) => ledgerInMemory.readFacts(noticeId, batch)),
        )
      ).flat(),
  }
}

export type SenderWorld = Awaited<ReturnType<typeof senderWorld>>

/** Sends every batch with several senders, and again whatever comes back to the queue, until nothing does. */
export async function sendEverything(
  world: SenderWorld,
  senders = 4,
  deadlineMs = Number.POSITIVE_INFINITY,
): Promise<void> {
  const { run } = await world.read()
  let pointers = Array.from({ length: world.batches }, (_, batch) => ({
    noticeId: world.noticeId,
    run,
    batch,
    delaySeconds: 0,
  }))
  while (pointers.length > 0) {
    const waiting = [...pointers]
    const work = async () => {
      const send = world.sender()
      for (let pointer = waiting.shift(); pointer !== undefined; pointer = waiting.shift()) {
        const { delaySeconds, ...rest } = pointer
        await world.clock.sleep(delaySeconds * 1000)
        await send(rest, { deadlineMs })
      }
    }
    await world.clock.drive(Promise.all(Array.from({ length: senders }, work)))
    pointers = [...world.queue.drain()]
  }
}
