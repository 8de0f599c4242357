import { type Command, InvalidArgumentError, Option } from 'commander'
import { costByPlan } from '../functions/cost/by-plan.ts'
import { type SesPlan, sesPlanNames, usualSesPlans } from '../functions/cost/prices.ts'
import { estimateLine, writeEstimate } from './estimate-text.ts'
import { type PaceOptions, parseShare } from './pace-options.ts'
import type { Sending } from './send-notice.ts'
import type { Terminal } from './terminal.ts'

interface EstimateOptions {
  readonly plan?: SesPlan
  readonly share?: number
  readonly recipients?: number
  readonly rate?: number
}

/** `estimate`: of a notice by the API; of no notice, on this computer alone. */
export function describeEstimate(program: Command, terminal: Terminal, connect: () => Sending): void {
  program
    .command('estimate')
    .description('about what it costs to send a notice, or to send to so many at such a rate')
    .argument('[id]', 'notice, as send or notices names it')
    .addOption(new Option('--plan <plan>', 'plan that SES is paid by').choices(sesPlanNames))
    .option('--share <share>', "of a notice: part of the account's rate that it may use", parseShare)
    .option('--recipients <number>', 'without a notice: to so many', parseRecipients)
    .option('--rate <number>', 'without a notice: so many a second', parseRate)
    .action(async (id: string | undefined, options: EstimateOptions, command: Command) => {
      const { share, recipients, rate } = options
      if (id !== undefined && recipients === undefined && rate === undefined) {
        terminal.print(writeEstimate(await connect().client.readEstimate(id, queryOf(options)), terminal.paint))
      } else if (id === undefined && recipients !== undefined && rate !== undefined && share === undefined) {
        terminal.print(writeEstimate(reckon(recipients, rate, options.plan), terminal.paint))
      } else {
        command.error('error: give the id of one notice, or --recipients and --rate')
      }
    })
}

/** That of a stack for which nothing else was chosen. */
const USUAL_RETENTION_DAYS = 400

function reckon(recipients: number, ratePerSecond: number, plan: SesPlan | undefined) {
  const plans = plan === undefined ? usualSesPlans : [plan]
  return costByPlan({ recipients, ratePerSecond, plans, deliveryRetentionDays: USUAL_RETENTION_DAYS })
}

function queryOf({ plan, share }: Pick<EstimateOptions, 'plan' | 'share'>): Readonly<Record<string, string>> {
  return { ...(plan !== undefined && { plan }), ...(share !== undefined && { share: String(share) }) }
}

/** How long the API is waited for where its estimate is only good to know. */
const PATIENCE_MS = 3_000

/** A line of what a start will cost. Where the API does not say, for whatever reason, neither does this. */
export async function tellEstimate(
  { client, terminal }: Pick<Sending, 'client' | 'terminal'>,
  noticeId: string,
  { share }: PaceOptions,
  patience: AbortSignal = AbortSignal.timeout(PATIENCE_MS),
): Promise<void> {
  const query = queryOf(share === undefined ? {} : { share })
  const estimate = await client.readEstimate(noticeId, query, patience).catch(() => undefined)
  if (estimate !== undefined) terminal.note(`${estimateLine(estimate)}\n`)
}

function parseRecipients(text: string): number {
  const recipients = Number(text)
  if (Number.isSafeInteger(recipients) && recipients > 0) return recipients
  throw new InvalidArgumentError('Recipients are a whole number, such as 504000.')
}

function parseRate(text: string): number {
  const rate = Number(text)
  if (Number.isFinite(rate) && rate > 0) return rate
  throw new InvalidArgumentError('A rate is a number above 0, such as 200.')
}
