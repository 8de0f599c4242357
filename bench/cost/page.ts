import { alarmCatalogue } from '../../cdk/alarm-catalogue.ts'
import { count, duration, percent } from '../../cli/figures.ts'
import { type CostPart, costParts, costsOf, estimateWith } from '../../functions/cost/estimate.ts'
import { partNames } from '../../functions/cost/names.ts'
import { prices, type SesPlan, sesPlans } from '../../functions/cost/prices.ts'
import type { UsageAtRate } from '../../functions/cost/usage.ts'
import type { LiveComparison } from './live-comparison.ts'

const SIZES = [10_000, 504_000, 1_000_000, 10_000_000] as const
const RATES = [14, 200, 1_000, 5_000] as const
const RETENTION_DAYS = 400

/** docs/cost.md: every figure is of the run that wrote it. */
export function costPage(measured: readonly UsageAtRate[], commit: string, live: LiveComparison): string {
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

## Held against the local stack

The same on the local stack at ${count(live.rate)}/s, with ${count(live.recipients)} recipients, the bundles that are deployed, and real time. What is billed by time
contains there what a crowded computer takes.

${table(
  ['of each recipient', 'virtual time', 'local stack'],
  live.rows.map(({ what, virtual, live: counted }) => [what, virtual.toPrecision(2), counted.toPrecision(2)]),
)}

## Beside others

- SES by itself, called by a program of one's own: $100 or $160 a million, and a computer to run it on.
- listmonk, Keila: SES, and a server and a database that are paid for all month, whether anything is sent or not.
- Heimdall-Burstable-SES: $102.70 a million by its own reckoning, so $2.70 above SES, as each message takes a second of a function.
- Senders that are services (Resend, Brevo, EasySendy) charge by plan and do not publish what a million at once would cost.

## While nothing is sent

${standing()}
`
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

/** Metrics that come although nothing is sent: the dispatcher's heartbeat. */
const STANDING_METRICS = 1

function standing(): string {
  const alarms = alarmCatalogue.length * prices.alarmMonth
  const month = prices.kmsKeyMonth + alarms + STANDING_METRICS * prices.metricMonth
  return `About ${dollars(month)} a month: a KMS key ${dollars(prices.kmsKeyMonth)}, ${alarmCatalogue.length} alarms ${dollars(alarms)}, the dispatcher's heartbeat ${dollars(prices.metricMonth)};
and some cents for queues that are looked at, and for the dispatcher, which is called once a minute. Other metrics are billed for the hours in which something
is sent. SES's plans besides: ${Object.entries(sesPlans)
    .map(([name, { monthly }]) => `${name} ${dollars(monthly)} a month`)
    .join(', ')}.`
}

const dollars = (usd: number) => `$${usd.toFixed(usd < 100 ? 2 : 0)}`

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heading), line(heading.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
