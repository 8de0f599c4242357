import { count, duration, percent } from '../../cli/figures.ts'
import { type CostPart, costParts, costsOf, estimateWith } from '../../functions/cost/estimate.ts'
import { prices, type SesPlan, sesPlans } from '../../functions/cost/prices.ts'
import type { UsageAtRate } from '../../functions/cost/usage.ts'

const SIZES = [10_000, 504_000, 1_000_000, 10_000_000] as const
const RATES = [14, 200, 1_000, 5_000] as const
const RETENTION_DAYS = 400

/** docs/cost.md: every figure is of the run that wrote it. */
export function costPage(measured: readonly UsageAtRate[], commit: string): string {
  return `# What a notice costs

Made by \`npm run bench:cost\` at commit ${commit}, and by nobody's hand. It sends notices in virtual time with the functions of
the product, counts every call of every service with the units that AWS bills, and multiplies them with the prices in
\`functions/cost/prices.ts\`: those of us-east-1 in November 2026, each with its source there. \`npx onlyto estimate\` reckons with
the same figures.

## A notice

SES takes by far the most; the rest depends on the rate, since what waits for the clock is billed by time. "Keeping" is what is known
of each recipient, kept for ${RETENTION_DAYS} days, as if the 25 GB that are free in each account were used up already.

${table(
  [
    'recipients',
    'rate',
    'takes',
    'SES, a la carte',
    'SES, Essentials',
    'all else',
    'of SES a la carte',
    'of SES Essentials',
    'keeping',
  ],
  SIZES.flatMap(recipients => RATES.map(rate => rowOf(measured, recipients, rate))),
)}

## A million recipients, part by part

${table(
  ['part', ...RATES.map(rate => `${count(rate)}/s`)],
  [
    ...costParts.map(part => [partNames[part], ...RATES.map(rate => dollars(costAt(measured, part, rate)))]),
    [
      '**together**',
      ...RATES.map(rate => `**${dollars(costParts.reduce((sum, part) => sum + costAt(measured, part, rate), 0))}**`),
    ],
  ],
)}

## What one recipient takes

${table(
  [
    'at',
    'write units',
    'read units',
    'GB s, sender',
    'GB s, dispatcher',
    'GB s, others',
    'calls of functions',
    'SQS',
    'SNS',
    'S3',
  ],
  measured.map(usageRow),
)}

## While nothing is sent

${standing()}
`
}

const partNames: Readonly<Record<CostPart, string>> = {
  dynamodb: 'DynamoDB',
  lambda: 'Lambda, sending and waiting',
  sns: 'SNS, two events a message',
  sqs: 'SQS',
  s3: 'S3',
  api: 'API Gateway',
  kms: 'KMS',
  logs: 'CloudWatch, logs',
}

function rowOf(measured: readonly UsageAtRate[], recipients: number, ratePerSecond: number): readonly string[] {
  const at = (plan: SesPlan) =>
    estimateWith(measured, { recipients, ratePerSecond, plan, sentThisMonth: 0, deliveryRetentionDays: RETENTION_DAYS })
  const [aLaCarte, essentials] = [at('a-la-carte'), at('essentials')]
  return [
    count(recipients),
    `${count(ratePerSecond)}/s`,
    duration(aLaCarte.seconds),
    dollars(aLaCarte.ses),
    dollars(essentials.ses),
    dollars(aLaCarte.overhead),
    percent(aLaCarte.overhead / aLaCarte.ses),
    percent(essentials.overhead / essentials.ses),
    dollars(aLaCarte.keeping),
  ]
}

function costAt(measured: readonly UsageAtRate[], part: CostPart, ratePerSecond: number): number {
  const usage = measured.find(one => one.ratePerSecond === ratePerSecond)
  return usage === undefined ? Number.NaN : costsOf(usage)[part] * 1e6
}

function usageRow(usage: UsageAtRate): readonly string[] {
  const { api, audience, dispatcher, sender, feedback } = usage.gbSeconds
  const figure = (value: number) => value.toPrecision(2)
  return [
    `${count(usage.ratePerSecond)}/s`,
    ...[usage.writeUnits, usage.readUnits, sender, dispatcher, api + audience + feedback].map(figure),
    ...[usage.invocations, usage.sqsRequests, usage.snsPublishes, usage.s3Puts + usage.s3Gets].map(figure),
  ]
}

function standing(): string {
  return `A KMS key ${dollars(prices.kmsKeyMonth)} a month, an alarm ${dollars(prices.alarmMonth)}, a metric ${dollars(prices.metricMonth)}; the dispatcher is called once a minute and looks.
SES's plans besides: ${Object.entries(sesPlans)
    .map(([name, { monthly }]) => `${name} ${dollars(monthly)} a month`)
    .join(', ')}.`
}

const dollars = (usd: number) => `$${usd.toFixed(usd < 100 ? 2 : 0)}`

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heading), line(heading.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
