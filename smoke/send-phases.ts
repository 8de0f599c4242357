import type { ReportAnswer } from '../cli/api-answers.ts'
import { CommandFailure } from '../cli/command-failure.ts'
import { commandLine } from '../cli/command-line.ts'
import { count } from '../cli/figures.ts'
import type { PreparedNotice } from '../cli/send-notice.ts'
import { judgeFates } from './judge-fates.ts'
import { judgeEnd, judgeSpeed } from './judge-sending.ts'
import { judgeStop } from './judge-stop.ts'
import { type QuotaPlan, stopShare } from './plan.ts'
import { awaitEnd, awaitFeedback, stopMidway } from './sent-notice.ts'
import { type AudienceMix, makeAudience, mixOf, strangers, successes } from './simulator-audience.ts'
import {
  approvedAddresses,
  prepareSmokeNotice,
  refuseStrangers,
  type SmokeSending,
  smokeNotice,
} from './smoke-notice.ts'
import type { Findings, SmokeOptions, SmokePorts } from './smoke-ports.ts'
import { of } from './verdict.ts'

/** What the metrics must have counted by now, at least. */
export interface Counted {
  readonly accepted: number
  readonly bounced: number
  readonly complained: number
}

const nothing: Counted = { accepted: 0, bounced: 0, complained: 0 }

/** One notice to the end, and one that is stopped; nothing is started before its approved audience was read back. */
export async function sendToSimulator(
  ports: SmokePorts & SmokeSending,
  options: SmokeOptions,
  plan: QuotaPlan,
  { gone, add }: Findings,
): Promise<Counted> {
  const { client, terminal } = ports
  const label = Math.floor(ports.clock.now()).toString(36)
  const mix = mixOf(plan.recipients)
  const whole = await gone('audience', () => prepare(ports, options, { mix, label: `${label}-a`, what: 'sent' }))
  if (whole === undefined) return nothing
  const sender = await gone('sender', () => judgeSender(ports, whole))
  if (sender === undefined) return nothing
  add(sender)
  if (!sender.every(({ holds }) => holds)) return nothing
  const audience = await gone('audience', () => judgeAudience(ports, whole, plan.recipients))
  if (audience === undefined) return nothing
  add(audience)

  const report = await gone('sending', async () => {
    await client.start(whole.noticeId)
    terminal.note(`Sending. To stop it:  ${commandLine(client.baseUrl, `stop ${whole.noticeId}`)}`)
    return awaitEnd(ports, whole, plan.quota)
  })
  if (report === undefined) return nothing
  add(judgeEnd(report, plan.recipients))
  const told = await gone('feedback', async () => {
    const { deliveries, report: settled } = await awaitFeedback(ports, whole.noticeId, mix)
    add(judgeFates(mix, deliveries, settled))
    return settled
  })
  add(judgeSpeed(report, plan.quota))
  const rest = await gone('stop', async () => {
    const mixed = successes(plan.stopRecipients)
    const notice = await prepare(ports, options, { mix: mixed, label: `${label}-b`, what: 'stopped' })
    await judgeAudience(ports, notice, plan.stopRecipients)
    const stopped = await stopMidway(ports, notice, stopShare(plan))
    add(judgeStop(stopped))
    return stopped.later
  })
  return countedIn(told ?? report, rest)
}

function countedIn({ accepted, bounced, complained }: ReportAnswer, rest: ReportAnswer | undefined): Counted {
  return { accepted: accepted + (rest?.accepted ?? 0), bounced, complained }
}

interface Wanted {
  readonly mix: AudienceMix
  readonly label: string
  readonly what: string
}

function prepare(ports: SmokePorts & SmokeSending, { from }: SmokeOptions, { mix, label, what }: Wanted) {
  return prepareSmokeNotice(ports, smokeNotice(`Smoke test: to be ${what}`, from), makeAudience(mix, label))
}

/** By itself or by its domain. */
async function judgeSender({ identities }: SmokePorts, { from }: PreparedNotice) {
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const verified = (await identities.maySend(from)) || (await identities.maySend(domain)) || false
  return of('sender', [
    { what: from, figure: verified ? 'verified' : 'not verified', bound: 'verified by SES', holds: verified },
  ])
}

/** Throws rather than judges: nothing may be started where this is not so. */
async function judgeAudience({ client }: SmokeSending, notice: PreparedNotice, recipients: number) {
  const addresses = await approvedAddresses(client, notice)
  refuseStrangers(addresses, 'The approved audience')
  if (new Set(addresses).size !== recipients) {
    throw new CommandFailure(`The approved audience has ${addresses.length} recipients, not ${recipients}.`)
  }
  const others = strangers(addresses)
  return of('audience', [
    {
      what: "of SES's mailbox simulator",
      figure: count(addresses.length - others),
      bound: `all ${count(recipients)}, as approved`,
      holds: others === 0,
    },
  ])
}
