import { measuredUsage } from './measured-usage.ts'
import { prices, type SesPlan, sesPlans } from './prices.ts'
import { rooms, type Usage, type UsageAtRate, usageAt } from './usage.ts'

export interface Planned {
  readonly recipients: number
  readonly ratePerSecond: number
  readonly plan: SesPlan
  /** Messages that the account has sent this month: SES's tiers begin behind them. */
  readonly sentThisMonth: number
  readonly deliveryRetentionDays: number
}

export const costParts = ['dynamodb', 'lambda', 'sns', 'sqs', 's3', 'api', 'kms', 'logs'] as const
export type CostPart = (typeof costParts)[number]

/** In US dollars. */
export interface Estimate {
  readonly seconds: number
  readonly ses: number
  /** Everything but SES that sending takes. */
  readonly overhead: number
  readonly byPart: Readonly<Record<CostPart, number>>
  /** To keep what is known of each recipient, over the whole of the retention. */
  readonly keeping: number
  readonly total: number
}

const BYTES_PER_GB = 1e9
const DAYS_PER_MONTH = 30.4
/** What the facts about one recipient take at rest, as measured. */
const BYTES_PER_RECIPIENT = 450

/** What a notice will cost, as far as it goes by itself: nobody stops it, and nothing is sent again. */
export function estimateNotice(planned: Planned): Estimate {
  return estimateWith(measuredUsage, planned)
}

export function estimateWith(
  measured: readonly UsageAtRate[],
  { recipients, ratePerSecond, plan, sentThisMonth, deliveryRetentionDays }: Planned,
): Estimate {
  const each = costsOf(usageAt(measured, ratePerSecond))
  const byPart = {
    dynamodb: recipients * each.dynamodb + readUnitsOfRows(recipients, ratePerSecond) * prices.readUnit,
    lambda: recipients * each.lambda,
    sns: recipients * each.sns,
    sqs: recipients * each.sqs,
    s3: recipients * each.s3,
    api: recipients * each.api,
    kms: recipients * each.kms,
    logs: recipients * each.logs,
  }
  const overhead = costParts.reduce((sum, part) => sum + byPart[part], 0)
  const ses = costOfMessages(plan, sentThisMonth, recipients)
  const gbMonths = ((recipients * BYTES_PER_RECIPIENT) / BYTES_PER_GB) * (deliveryRetentionDays / DAYS_PER_MONTH)
  const keeping = gbMonths * (prices.tableGbMonth + prices.recoveryGbMonth)
  return { seconds: recipients / ratePerSecond, ses, overhead, byPart, keeping, total: ses + overhead + keeping }
}

/** A batch row, as DynamoDB counts it. */
const ROW_BYTES = 560
const BATCH_SIZE = 100
const READ_UNIT_BYTES = 4_096
/** Up to about this rate the dispatcher reads all rows only now and then (functions/dispatcher/row-memory.ts). */
const SLOW_RATE = 150
/** Faster, it reads them in each of its rounds, so many a second, and leaves half of the time to others. */
const ROUND_SECONDS = 5
const ROWS_PER_SECOND = 10_000

/** All rows, read again and again, grow with the square of the audience: that counts only where millions are sent to slowly. */
function readUnitsOfRows(recipients: number, ratePerSecond: number): number {
  const rows = recipients / BATCH_SIZE
  const betweenSeconds =
    ratePerSecond <= SLOW_RATE
      ? Math.min(300, Math.max(15, rows / 2 / 100))
      : Math.max(ROUND_SECONDS, (2 * rows) / ROWS_PER_SECOND)
  const readings = recipients / ratePerSecond / betweenSeconds
  return (readings * (rows / 2) * ROW_BYTES) / READ_UNIT_BYTES
}

/** By tiers: each message at the price of its place in the month. */
export function costOfMessages(plan: SesPlan, before: number, messages: number): number {
  let [from, cost] = [0, 0]
  for (const { upTo, each } of sesPlans[plan].tiers) {
    const inTier = Math.max(0, Math.min(before + messages, upTo) - Math.max(before, from))
    cost += inTier * each
    from = upTo
  }
  return cost
}

/** What one recipient costs beside SES. */
export function costsOf(usage: Usage): Record<CostPart, number> {
  const gbSeconds = rooms.reduce((sum, room) => sum + usage.gbSeconds[room], 0)
  return {
    dynamodb: usage.writeUnits * prices.writeUnit + usage.readUnits * prices.readUnit,
    lambda: gbSeconds * prices.gbSecond + usage.invocations * prices.invocation,
    sns: usage.snsPublishes * prices.snsPublish,
    sqs: usage.sqsRequests * prices.sqsRequest,
    s3: usage.s3Puts * prices.s3Put + usage.s3Gets * prices.s3Get,
    api: usage.httpApiRequests * prices.httpApiRequest,
    kms: usage.kmsRequests * prices.kmsRequest,
    logs: (usage.logBytes / BYTES_PER_GB) * prices.logGb,
  }
}
