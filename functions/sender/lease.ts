import { leaseEndMs } from '../ledger/lease.ts'
import type { LeaseHolder, LedgerStore } from '../ledger/ledger-store.ts'
import type { Clock } from '../runtime/clock.ts'
import { LEASE_MS } from './ports.ts'

/** The lease of a claimed batch, kept alive while its holder works. */
export interface Lease {
  readonly holder: LeaseHolder
  /** Renews the lease once a third of it has passed. */
  keep(): Promise<void>
  /** False once the lease may be another's: a sender that was frozen wakes up to this. */
  held(): boolean
}

export function keepLease(
  { ledger, clock }: { ledger: LedgerStore; clock: Clock },
  holder: LeaseHolder,
  { claimedAtMs, settleDelayMs }: { claimedAtMs: number; settleDelayMs: number },
): Lease {
  let renewedMs = claimedAtMs
  let lost = false
  return {
    holder,
    keep: async () => {
      const now = clock.now()
      if (lost || now - renewedMs < LEASE_MS / 3) return
      const renewal = await ledger.renew(holder, leaseEndMs(now, LEASE_MS, settleDelayMs))
      if (renewal.kind === 'changed') renewedMs = now
      else lost = true
    },
    held: () => !lost && clock.now() < renewedMs + LEASE_MS,
  }
}
