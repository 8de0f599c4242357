import type { Fetch } from '../cli/api-client.ts'
import type { Terminal } from '../cli/terminal.ts'
import type { Clock } from '../functions/runtime/clock.ts'
import type { SesAccount } from '../functions/ses/account.ts'
import type { Identities, Stacks, Watch } from './ports.ts'
import type { Phase, Verdict } from './verdict.ts'

export interface SmokePorts {
  readonly stacks: Stacks
  readonly watch: Watch
  readonly identities: Identities
  readonly account: SesAccount
  readonly terminal: Terminal
  readonly clock: Clock
  /** How the API at this address is called: signed, where it is on AWS. */
  fetchFor(baseUrl: string): Fetch
  readonly patience: Patience
}

/** How long to wait for what comes by itself. */
export interface Patience {
  readonly pollMs: number
  /** On top of three times what the rate needs. */
  readonly finishMs: number
  readonly feedbackMs: number
  /** Until a notice has sent something that a stop can end. */
  readonly beforeStopMs: number
  readonly stopReportMs: number
  /** After a stop, in which nothing more may be sent. */
  readonly quietMs: number
  readonly metricsMs: number
  /** Once the metrics are there: until each alarm has been evaluated. */
  readonly alarmsMs: number
}

/** On AWS. CloudWatch takes a minute or two for a metric, and evaluates an alarm each minute. */
export const awsPatience: Patience = {
  pollMs: 500,
  finishMs: 180_000,
  feedbackMs: 180_000,
  beforeStopMs: 8_000,
  stopReportMs: 30_000,
  quietMs: 5_000,
  metricsMs: 300_000,
  alarmsMs: 90_000,
}

export interface SmokeOptions {
  readonly stack: string
  readonly recipients?: number | undefined
  /** The address that the notices come from, where the stack's sender is a domain. */
  readonly from?: string | undefined
  readonly yes: boolean
}

/** Where phases leave what they found. */
export interface Findings {
  /** Undefined where the phase was broken off: that is a verdict already. */
  gone<T>(phase: Phase, steps: () => Promise<T>): Promise<T | undefined>
  add(verdicts: readonly Verdict[]): void
}
