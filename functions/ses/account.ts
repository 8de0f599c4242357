import type { SesPlan } from '../cost/prices.ts'

/** The SES account's limits, as GetAccount gives them. */
export interface SendQuota {
  /** Recipients a second. */
  readonly maxSendRate: number
  /** Recipients in any 24 hours; undefined when unlimited. */
  readonly max24HourSend: number | undefined
  readonly sentLast24Hours: number
  readonly sendingEnabled: boolean
  /** False in SES's sandbox; undefined where SES does not say. */
  readonly productionAccess?: boolean | undefined
  /** What it pays by; undefined where SES does not say. */
  readonly plan?: SesPlan | undefined
}

export interface SesAccount {
  readQuota(): Promise<SendQuota>
}
