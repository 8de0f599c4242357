import { sumBatches } from '../ledger/complete-notice.ts'
import { type Notice, usualPace } from '../notice/notice.ts'
import type { ApiPorts } from './ports.ts'
import { type Refusal, refusal } from './problems.ts'
import { changeConflict, noticeNotFound, readyAudience, stateConflict } from './refusals.ts'
import { grantedRate } from './status-view.ts'

/** Senders see a stop within this. */
const STOP_WITHIN_MS = 1_000

type Absent = 'notice-not-found'
type Conflict = 'state-conflict' | 'changed-meanwhile'
export type Start =
  | { kind: 'changed'; notice: Notice }
  | Refusal<Absent | Conflict | 'audience-not-ready' | 'not-approved' | 'sending-disabled'>
export type Resumption = { kind: 'changed'; notice: Notice } | Refusal<Absent | Conflict | 'sending-disabled'>
export type Stop = { kind: 'stopped'; notice: Notice; messagesAtMost: number } | Refusal<Absent | Conflict>
export type Retry =
  | { kind: 'changed'; notice: Notice; recipients: number }
  | Refusal<Absent | Conflict | 'nothing-to-retry' | 'sending-disabled'>

/** Begins the first run. Refused when it has begun already, so that a repeated call starts nothing twice. */
export async function startNotice(ports: ApiPorts, noticeId: string): Promise<Start> {
  const notice = await ports.notices.read(noticeId)
  if (notice === undefined) return noticeNotFound(noticeId)
  const refused = unapproved(notice) ?? stateConflict(notice, 'start') ?? (await disabledSending(ports))
  if (refused !== undefined) return refused
  const change = await ports.notices.start(noticeId, usualPace, ports.clock.now())
  if (change.kind === 'missing') return noticeNotFound(noticeId)
  if (change.kind === 'conflict') return unapproved(change.notice) ?? changeConflict(change.notice, 'start')
  await wakeDispatcher(ports, noticeId)
  return change
}

/** Goes on where the notice was stopped, as the next run: messages of the run before are void from here on. */
export async function resumeNotice(ports: ApiPorts, noticeId: string): Promise<Resumption> {
  const notice = await ports.notices.read(noticeId)
  if (notice === undefined) return noticeNotFound(noticeId)
  const refused = stateConflict(notice, 'resume') ?? (await disabledSending(ports))
  if (refused !== undefined) return refused
  const change = await ports.notices.resume(noticeId, usualPace, ports.clock.now())
  if (change.kind === 'missing') return noticeNotFound(noticeId)
  if (change.kind === 'conflict') return changeConflict(change.notice, 'resume')
  await wakeDispatcher(ports, noticeId)
  return change
}

/**
 * Returns once the stop is recorded; every sender reads that within a second. A notice that is stopped already stays so, and
 * a repeated call is answered as the first.
 */
export async function stopNotice(ports: ApiPorts, noticeId: string, by: string): Promise<Stop> {
  const [change, messagesAtMost] = await Promise.all([
    ports.notices.stop(noticeId, { kind: 'operator', by }, ports.clock.now()),
    mayStillGoOut(ports),
  ])
  if (change.kind === 'missing') return noticeNotFound(noticeId)
  if (change.kind === 'changed') return { kind: 'stopped', notice: change.notice, messagesAtMost }
  if (change.notice.state === 'stopped') return { kind: 'stopped', notice: change.notice, messagesAtMost }
  return changeConflict(change.notice, 'stop')
}

/** Stops every notice that is being sent, in one write; the list of them is only for the answer. */
export async function stopAllNotices(
  ports: ApiPorts,
  by: string,
): Promise<{ stoppedAtMs: number; noticeIds: readonly string[]; messagesAtMost: number }> {
  const [{ atMs }, messagesAtMost] = await Promise.all([
    ports.notices.stopAll({ kind: 'operator', by }, ports.clock.now()),
    mayStillGoOut(ports),
  ])
  const stopped = (await ports.notices.list('stopped')).filter(({ stoppedAtMs }) => stoppedAtMs === atMs)
  return { stoppedAtMs: atMs, noticeIds: stopped.map(({ noticeId }) => noticeId), messagesAtMost }
}

/** Sends a finished notice again to those who failed for a passing reason, as the next run, and to nobody else. */
export async function retryNotice(ports: ApiPorts, noticeId: string): Promise<Retry> {
  const notice = await ports.notices.read(noticeId)
  if (notice === undefined) return noticeNotFound(noticeId)
  const refused = stateConflict(notice, 'retry') ?? (await disabledSending(ports))
  if (refused !== undefined) return refused
  const { retryable } = await sumBatches(ports.ledger, notice)
  if (retryable === 0) {
    const detail = `Nobody of notice ${noticeId} failed or bounced for a reason that may pass. GET /notices/${noticeId}/report has the numbers.`
    return refusal('nothing-to-retry', detail)
  }
  const change = await ports.notices.retry(noticeId, usualPace, ports.clock.now())
  if (change.kind === 'missing') return noticeNotFound(noticeId)
  if (change.kind === 'conflict') return changeConflict(change.notice, 'retry')
  await wakeDispatcher(ports, noticeId)
  return { ...change, recipients: retryable }
}

/** The most messages whose calls may begin after a stop: a second's worth at the granted rate. A bound, so never in the way. */
async function mayStillGoOut({ pacer }: ApiPorts): Promise<number> {
  const state = await pacer.read().catch(() => undefined)
  return Math.ceil((grantedRate(state) ?? 0) * (STOP_WITHIN_MS / 1000))
}

/** Why a draft cannot be started: first its audience, then its approval. */
function unapproved(notice: Notice): Refusal<'audience-not-ready' | 'not-approved'> | undefined {
  if (notice.state !== 'draft') return undefined
  const ready = readyAudience(notice)
  if (ready.kind === 'refused') return ready
  const { noticeId } = notice
  return refusal('not-approved', `Notice ${noticeId} is a draft. POST /notices/${noticeId}/approve before its start.`)
}

async function disabledSending({ account }: ApiPorts): Promise<Refusal<'sending-disabled'> | undefined> {
  const { sendingEnabled } = await account.readQuota()
  if (sendingEnabled) return undefined
  const detail = 'SES has disabled sending for this account in this region. See its account dashboard, then try again.'
  return refusal('sending-disabled', detail)
}

async function wakeDispatcher({ waker, log }: ApiPorts, noticeId: string): Promise<void> {
  try {
    await waker.wake(noticeId)
  } catch (cause) {
    log.warn('The dispatcher was not woken; it comes by itself within a minute', { noticeId, cause: String(cause) })
  }
}
