import type { LedgerStore } from '../../functions/ledger/ledger-store.ts'
import type { NoticeStore } from '../../functions/notice/notice-store.ts'
import type { PacerOfLane } from '../../functions/pacer/pacer.ts'
import type { Log } from '../../functions/runtime/log.ts'
import type { SesAccount } from '../../functions/ses/account.ts'
import type { Mailer } from '../../functions/ses/mailer.ts'

/** Bugs to be planted between a room and its ports, which the checkers are to catch. */
export interface Plants {
  readonly mailer?: (mailer: Mailer) => Mailer
  readonly ledger?: (ledger: LedgerStore) => LedgerStore
  readonly sendersNotices?: (notices: NoticeStore) => NoticeStore
  readonly log?: (log: Log) => Log
  readonly sendersPacers?: (pacerOf: PacerOfLane) => PacerOfLane
  readonly dispatchersNotices?: (notices: NoticeStore) => NoticeStore
  readonly account?: (account: SesAccount) => SesAccount
  readonly granted?: (ratePerSecond: number) => number
}
