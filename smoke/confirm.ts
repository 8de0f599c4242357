import { CommandFailure } from '../cli/command-failure.ts'
import { counted } from '../cli/figures.ts'
import { mostDollars, type SmokePlan } from './plan.ts'
import type { SmokeOptions, SmokePorts } from './smoke-ports.ts'

/** Says how much is sent and what it costs, and asks, unless that was answered on the command line. */
export async function confirmSmoke(
  { terminal }: Pick<SmokePorts, 'terminal'>,
  { yes }: Pick<SmokeOptions, 'yes'>,
  plan: SmokePlan,
): Promise<boolean> {
  const dollars = mostDollars(plan)
  const cost = dollars < 0.01 ? 'less than a cent' : `at most about $${dollars.toFixed(2)}`
  const most = counted(plan.recipients + plan.stopRecipients, 'message')
  const what = `At most ${most} go to SES's mailbox simulator and nobody else, for which AWS bills ${cost}.`
  if (yes) {
    terminal.note(what)
    return true
  }
  if (!terminal.canAsk) {
    throw new CommandFailure('Nobody is here to confirm the cost. Nothing was sent.', [
      what,
      'Run the command on a terminal, or add --yes to send without asking.',
    ])
  }
  const answer = await terminal.ask(`${what} Go on? [y/N] `)
  return /^y(es)?$/i.test(answer.trim())
}
