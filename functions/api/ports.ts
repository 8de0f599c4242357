import type { LedgerStore } from '../ledger/ledger-store.ts'
import type { ContentStore } from '../notice/content-store.ts'
import type { NoticeStore } from '../notice/notice-store.ts'
import type { GrantedRates } from '../pacer/granted-rates.ts'
import type { Lanes } from '../pacer/lanes.ts'
import type { AudienceStore } from '../recipient/audience-store.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import type { Random } from '../runtime/random.ts'
import type { SesAccount } from '../ses/account.ts'

/** A request that the holder of the link may make against the audience bucket, for a while. */
export interface UploadLink {
  readonly method: 'PUT'
  readonly url: string
  /** To be sent as they are: the signature covers them. */
  readonly headers: Readonly<Record<string, string>>
  readonly expiresAtMs: number
}

/** Links to the audience bucket, so that addresses never pass through the API. */
export interface AudienceLinks {
  upload(noticeId: string, audienceId: string): Promise<UploadLink>
  refusedRows(audienceId: string): Promise<string>
  recipients(audienceId: string): Promise<RecipientsLink>
}

/** The two objects of an indexed audience. */
export interface RecipientsLink {
  readonly recipientsUrl: string
  readonly batchesUrl: string
  readonly expiresAtMs: number
}

/** Indexed audiences as the bytes that they are. */
export interface AudienceObjects {
  /** Whether the addresses are still there: the bucket forgets them after the audience retention. */
  isKept(audienceId: string): Promise<boolean>
  readRecipientBytes(audienceId: string, offset: number, length: number): Promise<Uint8Array>
}

/** Lets the dispatcher begin now. Only haste: without it the dispatcher comes within a minute by itself. */
export interface DispatcherWaker {
  wake(noticeId: string): Promise<void>
}

/** What of the deployment matters to a start. */
export interface StackLimits {
  /** Share of the account's rate and 24-hour quota that notices may use. */
  readonly rateShare: number
  readonly lanes: Lanes
  readonly senderConcurrency: number
  /** Whether its sender may send in SES's sandbox, where it needs the right to each recipient's identity too. */
  readonly sandbox: boolean
}

export interface ApiPorts {
  readonly notices: NoticeStore
  readonly contents: ContentStore
  readonly audiences: AudienceStore
  readonly audienceObjects: AudienceObjects
  readonly ledger: Pick<LedgerStore, 'readBatches' | 'readFacts'>
  readonly rates: Pick<GrantedRates, 'read'>
  readonly account: SesAccount
  readonly links: AudienceLinks
  readonly waker: DispatcherWaker
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** The verified SES identity: an address, or a domain. */
  readonly senderIdentity: string
  /** How long what became of each recipient is kept. */
  readonly deliveryRetentionDays: number
  readonly stack: StackLimits
}
