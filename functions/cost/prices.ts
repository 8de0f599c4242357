/**
 * What AWS asks for, in US dollars, in us-east-1. Read in November 2026; each with where it was read. Prices of other regions
 * differ by some tenths, and so does what an account has agreed on: an estimate is no bill.
 */

/** SES bills by its plan. `GetAccount` tells which; accounts that are new since 2026-07-21 have Essentials. */
export const sesPlans = {
  /** Accounts that used SES before: $0.10 a thousand. */
  'a-la-carte': { monthly: 0, tiers: [{ upTo: Number.POSITIVE_INFINITY, each: 0.1 / 1_000 }] },
  /** AWS's price list of 2026-07-22, as read by api-evangelist/amazon-ses. */
  essentials: {
    monthly: 0,
    tiers: [
      { upTo: 10_000_000, each: 0.16 / 1_000 },
      { upTo: 100_000_000, each: 0.14 / 1_000 },
      { upTo: Number.POSITIVE_INFINITY, each: 0.11 / 1_000 },
    ],
  },
  /** From the same list. Both fall at 10 and at 100 million a month, to what is not known here: a bound from above. */
  pro: { monthly: 105, tiers: [{ upTo: Number.POSITIVE_INFINITY, each: 0.22 / 1_000 }] },
  enterprise: { monthly: 500, tiers: [{ upTo: Number.POSITIVE_INFINITY, each: 0.23 / 1_000 }] },
} as const satisfies Record<string, SesPlanPrice>
export type SesPlan = keyof typeof sesPlans
export const sesPlanNames = ['a-la-carte', 'essentials', 'pro', 'enterprise'] as const satisfies readonly SesPlan[]
/** Those that an account has without having chosen: of which age it is decides. */
export const usualSesPlans = ['a-la-carte', 'essentials'] as const satisfies readonly SesPlan[]

export interface SesPlanPrice {
  readonly monthly: number
  /** Messages of a month, in order. */
  readonly tiers: readonly { readonly upTo: number; readonly each: number }[]
}

/** Each of one unit. */
export const prices = {
  /** DynamoDB on demand, since November 2024. A write unit is 1 KB, a read unit 4 KB. */
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  /** The first 25 GB of an account are free, which is left out here. */
  tableGbMonth: 0.25,
  /** Point-in-time recovery. */
  recoveryGbMonth: 0.2,
  /** Lambda on arm64: aws.amazon.com/lambda/pricing, 2026. */
  gbSecond: 0.0000133334,
  invocation: 0.2e-6,
  sqsRequest: 0.4e-6,
  /** Its deliveries to SQS are free. */
  snsPublish: 0.5e-6,
  s3Put: 5e-6,
  s3Get: 0.4e-6,
  httpApiRequest: 1e-6,
  kmsRequest: 3e-6,
  kmsKeyMonth: 1,
  logGb: 0.5,
  metricMonth: 0.3,
  alarmMonth: 0.1,
} as const
