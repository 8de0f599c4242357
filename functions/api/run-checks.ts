import type { Notice, Pace } from '../notice/notice.ts'
import { enoughSenders, PLANNED_SLOWEST_ANSWER_MS } from '../pacer/concurrency.ts'
import type { Lanes } from '../pacer/lanes.ts'
import type { SendQuota } from '../ses/account.ts'
import { effectiveShare } from './pace.ts'
import type { ApiPorts, StackLimits } from './ports.ts'
import { type Refusal, refusal } from './problems.ts'
import { quotaTooSmall } from './quota-fit.ts'
import { pendingOf } from './still-to-send.ts'

export type AccountProblem = 'sending-disabled' | 'account-in-sandbox' | 'quota-too-small'
export type AccountCheck = { kind: 'passed'; warnings: string[] } | Refusal<AccountProblem>

/** Whether the account lets a run begin now: `needed` counts to how many it is to be sent. Fails where SES does not say. */
export async function checkAccount(
  ports: ApiPorts,
  { noticeId }: Notice,
  pace: Pace,
  needed: () => Promise<number>,
): Promise<AccountCheck> {
  const quota = await ports.account.readQuota()
  if (!quota.sendingEnabled) return sendingDisabled()
  if (quota.productionAccess === false && !ports.stack.sandbox) return accountInSandbox()
  if (quota.max24HourSend !== undefined) {
    const others = (await ports.notices.list('sending')).filter(other => other.noticeId !== noticeId)
    const pendingElsewhere = await pendingOf(ports.ledger, others)
    const share = effectiveShare(pace, ports.stack.rateShare)
    const refused = quotaTooSmall({ quota, share, needed: await needed(), pendingElsewhere }, pace.overDays)
    if (refused !== undefined) return refused
  }
  return { kind: 'passed', warnings: [...sandboxLimits(quota, ports.stack), ...tooFewSenders(quota, ports.stack)] }
}

function sendingDisabled(): Refusal<'sending-disabled'> {
  const detail = 'SES has disabled sending for this account in this region. See its account dashboard, then try again.'
  return refusal('sending-disabled', detail)
}

/** Sent there, every message would be refused for want of a right to its recipient's identity, and the notice stop. */
function accountInSandbox(): Refusal<'account-in-sandbox'> {
  const detail =
    "This account is in SES's sandbox in this region, where the stack may not send. Deploy it with -c sandbox=true to reach recipients " +
    'that you have verified, 200 a day; to reach everybody, ask AWS for production access. Then start again.'
  return refusal('account-in-sandbox', detail)
}

function sandboxLimits({ productionAccess }: SendQuota, { sandbox }: StackLimits): string[] {
  if (productionAccess === false) {
    return [
      "This account is in SES's sandbox: only recipients that you have verified and SES's mailbox simulator are reached; everybody else fails, with SES's reason.",
    ]
  }
  if (!sandbox || productionAccess === undefined) return []
  return [
    'This account has production access to SES, and the stack was deployed for the sandbox. Deploy it without -c sandbox=true: that takes back a right that is no longer needed.',
  ]
}

function tooFewSenders({ maxSendRate }: SendQuota, { rateShare, senderConcurrency }: StackLimits): string[] {
  const ratePerSecond = maxSendRate * rateShare
  const enough = enoughSenders({ ratePerSecond, slowestAnswerMs: PLANNED_SLOWEST_ANSWER_MS })
  if (senderConcurrency >= enough) return []
  const rate = Math.ceil(ratePerSecond)
  return [
    `This stack has ${senderConcurrency} senders, and the ${rate} recipients a second that notices may use of this account ` +
      `take ${enough}: the notice goes out slower than it could. Deploy the stack with -c rate=${rate}, and with no smaller senderConcurrency.`,
  ]
}

/** A lane that is newer than the index of the audience would be overrun: its recipients lie in batches of the main lane. */
export function lanesChanged({ noticeId, audience }: Notice, lanes: Lanes): Refusal<'lanes-changed'> | undefined {
  if (audience?.state !== 'ready') return undefined
  const unknown = Object.keys(lanes).filter(lane => audience.lanes[lane] === undefined)
  if (unknown.length === 0) return undefined
  const detail =
    `The stack has a ceiling for ${unknown.join(', ')} that it had not when the audience of notice ${noticeId} was indexed. ` +
    `POST /notices/${noticeId}/audience, upload the audience again, and approve the notice anew.`
  const errors = unknown.map(lane => ({
    detail: `Recipients of ${lane} are not held to the ${lanes[lane]} a second that it takes now.`,
  }))
  return refusal('lanes-changed', detail, errors)
}
