import type { QuotaUse, SesMessage } from '../aws/ses/simulated-ses.ts'
import type { FaultFamily } from '../faults.ts'
import type { History } from '../history.ts'
import type { OperatedNotice } from '../notice-script.ts'
import type { Scenario } from '../scenario.ts'

/** All that is known of a seed that has run. */
export interface Evidence {
  readonly scenario: Scenario
  readonly history: History
  readonly faultCounts: Readonly<Partial<Record<FaultFamily, number>>>
  readonly faultsEndedAtMs: number
  readonly finishedAtMs: number
  readonly endedAtMs: number
  /** Whether every notice came to its end in time. */
  readonly ended: boolean
  readonly operated: readonly OperatedNotice[]
  /** The tables as they were left. */
  readonly notices: readonly Readonly<Record<string, unknown>>[]
  readonly deliveries: readonly Readonly<Record<string, unknown>>[]
  /** The tables as they were in between. */
  readonly samples: readonly Sample[]
  /** Rejections that nobody waited for: each would have ended its process. */
  readonly unawaited: readonly string[]
  readonly accepted: readonly SesMessage[]
  readonly quotaUses: readonly QuotaUse[]
  readonly deadLetters: number
  readonly happened: number
}

export interface Sample {
  readonly atMs: number
  readonly notices: readonly Readonly<Record<string, unknown>>[]
  readonly deliveries: readonly Readonly<Record<string, unknown>>[]
}

export interface Violation {
  readonly checker: string
  readonly atMs: number
  readonly what: string
}

/** Judges one promise by what happened and what was left: no clock, no chance, no state. */
export interface Checker {
  readonly name: string
  readonly check: (evidence: Evidence) => readonly Omit<Violation, 'checker'>[]
}
