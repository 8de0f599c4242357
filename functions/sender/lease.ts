import { leaseEndMs } from '../ledger/lease.ts'
import type { LeaseHolder, LedgerStore } from '../ledger/ledger-store.ts'
import type { Clock } from '../runtime/clock.ts'
import { LEASE_MS } from './ports.ts'

/** The lease of a claimed batch, kept alive while its holder works. */
export interface Lease {
  readonly holder: LeaseHolder
  /** Renews the lease once a third of it has passed. */
  keep(): Promise<void>
  /**
   * Writes down that calls may begin for the recipients before this position, and renews the lease with it. Nothing may be
   * sent to anybody at or past it before: should this sender die, nobody else is in doubt.
   */
  begin(position: number): Promise<void>
  /** False once the lease may be another's: a sender that was frozen wakes up to this. */
  held(): boolean
}

export function keepLease(
  { ledger, clock }: { ledger: LedgerStore; clock: Clock },
  holder: LeaseHolder,
  { claimedAtMs, settleDelayMs }: { claimedAtMs: number; settleDelayMs: number },
): Lease {
  let renewedMs = claimedAtMs
  let begun = 0
  let lost = false
  let last: Promise<void> = Promise.resolve()

  /** One renewal after the other: an older one must not land on a newer. */
  function renew(): Promise<void> {
    const renewed = last.catch(() => {}).then(write)
    last = renewed
    return renewed
  }

  async function write(): Promise<void> {
    if (lost) return
    const aliveAtMs = clock.now()
    const claimableAtMs = leaseEndMs(aliveAtMs, LEASE_MS, settleDelayMs)
    const renewal = await ledger.renew(holder, { aliveAtMs, claimableAtMs, begun })
    if (renewal.kind === 'changed') renewedMs = aliveAtMs
    else lost = true
  }

  return {
    holder,
    keep: async () => {
      if (!lost && clock.now() - renewedMs >= LEASE_MS / 3) await renew()
    },
    begin: async position => {
      if (lost) return
      const marked = begun >= position
      begun = Math.max(begun, position)
      // The write that marks it may still be under way.
      await (marked ? last : renew())
    },
    held: () => !lost && clock.now() < renewedMs + LEASE_MS,
  }
}
