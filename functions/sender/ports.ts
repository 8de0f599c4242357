import type { BatchQueue } from '../batch-queue/batch-queue.ts'
import type { LedgerStore } from '../ledger/ledger-store.ts'
import type { ContentStore } from '../notice/content-store.ts'
import type { NoticeStore } from '../notice/notice-store.ts'
import type { PacerOfLane } from '../pacer/pacer.ts'
import type { AudienceKeys } from '../recipient/audience-keys.ts'
import type { AudienceStore } from '../recipient/audience-store.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import type { Metrics } from '../runtime/metrics.ts'
import type { Random } from '../runtime/random.ts'
import type { Mailer } from '../ses/mailer.ts'

/** Everything a sender touches. */
export interface SenderPorts {
  readonly notices: NoticeStore
  readonly contents: ContentStore
  readonly audiences: AudienceStore
  readonly keys: AudienceKeys
  readonly ledger: LedgerStore
  readonly pacerOf: PacerOfLane
  readonly mailer: Mailer
  readonly queue: BatchQueue
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly metrics: Metrics
  readonly settings: SenderSettings
}

export interface SenderSettings {
  readonly configurationSet: string
  readonly settleDelayMs: number
}

/** A lease is renewed while its holder works, so it need only be long enough to outlast a slow write. */
export const LEASE_MS = 15_000
/** The last moment at which a sender gives its batch back, before Lambda would end it in the middle. */
export const TIME_LIMIT_MARGIN_MS = 25_000
/** The design's promise: no SES call starts later than this after stop has returned. */
export const STOP_WITHIN_MS = 1_000
/** How often the notice is read while sending, so that one slow read does not hold the sends up. */
export const WATCH_INTERVAL_MS = 400
/** A slot that has passed by more than this is given up: used late, it would make a burst. */
export const SLOT_LATENESS_MS = 45
/** Slots that begin within this are used up by whoever gives way or nears its time limit: nobody else could use them. */
export const NEAR_WINDOW_MS = 2_000
/** Messages made in one go, before the other batches of this sender get their turn: a few milliseconds' worth. */
export const MESSAGES_PER_TURN = 10
/** Outcomes are written in groups small enough that a crash leaves few in doubt. */
export const OUTCOMES_PER_FLUSH = 25
/** In doubt in one claim from which on SES is taken to be failing: the rest waits for the settle delay. */
export const DOUBT_LIMIT = 10
/** A recipient whose message was in doubt so often is left so, and is listed by name: each further one might be a copy. */
export const DOUBTS_PER_RECIPIENT = 3
/** Recipients for whom a sender writes down at once that calls may begin: as many may be in doubt if it dies. */
export const RECIPIENTS_PER_MARK = 25
/** How long before the first of their slots it does so: a slow write. */
export const MARK_LEAD_MS = 40
