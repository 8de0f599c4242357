import { concernedBy } from '../ledger/batch.ts'
import { sumBatches } from '../ledger/complete-notice.ts'
import type { Notice } from '../notice/notice.ts'
import type { ChangeResult } from '../notice/notice-store.ts'
import { leakNotConfirmed, nothingToConfirm, wordFor } from './leak-word.ts'
import { type PaceRequest, paceOf, type ResumeRequest, type RetryRequest, shareTooLarge } from './pace.ts'
import type { ApiPorts } from './ports.ts'
import { type Refusal, refusal } from './problems.ts'
import { changeConflict, noticeNotFound, readyAudience, stateConflict } from './refusals.ts'
import { type AccountProblem, checkAccount, lanesChanged } from './run-checks.ts'
import { stillToSend } from './still-to-send.ts'

/** Senders see a stop within this. */
const STOP_WITHIN_MS = 1_000

type Absent = 'notice-not-found'
type Conflict = 'state-conflict' | 'changed-meanwhile'
type Limit = 'share-too-large' | AccountProblem
type Changed = Extract<ChangeResult, { kind: 'changed' }> & { readonly warnings: string[] }
export type Start =
  | Changed
  | Refusal<Absent | Conflict | Limit | 'audience-not-ready' | 'not-approved' | 'lanes-changed'>
type Leak = 'leak-not-confirmed' | 'invalid-request'
export type Resumption = Changed | Refusal<Absent | Conflict | Limit | Leak>
export type Stop = { kind: 'stopped'; notice: Notice; messagesAtMost: number } | Refusal<Absent | Conflict>
export type Retry = (Changed & { recipients: number }) | Refusal<Absent | Conflict | Limit | Leak | 'nothing-to-retry'>

/** Whose action it is, on which notice. */
export interface Acting {
  readonly noticeId: string
  readonly by: string
}

/** Begins the first run. Refused when it has begun already, so that a repeated call starts nothing twice. */
export async function startNotice(ports: ApiPorts, { noticeId, by }: Acting, asked: PaceRequest): Promise<Start> {
  const { notices, ledger, clock, stack } = ports
  const notice = await notices.read(noticeId)
  if (notice === undefined) return noticeNotFound(noticeId)
  const refused = unapproved(notice) ?? stateConflict(notice, 'start') ?? shareTooLarge(asked, stack.rateShare)
  const outdated = refused ?? lanesChanged(notice, stack.lanes)
  if (outdated !== undefined) return outdated
  const pace = paceOf(asked, notice.pace)
  const account = await checkAccount(ports, notice, pace, () => stillToSend(ledger, notice))
  if (account.kind === 'refused') return account
  const change = await notices.start(noticeId, { by, pace }, clock.now())
  if (change.kind === 'missing') return noticeNotFound(noticeId)
  if (change.kind === 'conflict') return unapproved(change.notice) ?? changeConflict(change.notice, 'start')
  await wakeDispatcher(ports, noticeId)
  return { ...change, warnings: account.warnings }
}

/**
 * Goes on where the notice was stopped, as the next run: messages of the run before are void from here on. While a refusal by
 * the leak guard is open, only with a word on its cause, whatever has stopped the notice last.
 */
export async function resumeNotice(
  ports: ApiPorts,
  { noticeId, by }: Acting,
  { afterLeak, ...asked }: ResumeRequest,
): Promise<Resumption> {
  const { notices, ledger, clock, stack } = ports
  const notice = await notices.read(noticeId)
  if (notice === undefined) return noticeNotFound(noticeId)
  const refused = stateConflict(notice, 'resume') ?? shareTooLarge(asked, stack.rateShare)
  if (refused !== undefined) return refused
  const word = wordFor(notice, afterLeak)
  if (notice.leak === undefined && word !== undefined) return nothingToConfirm(noticeId)
  if (notice.leak !== undefined && word === undefined) return unconfirmed(ports, notice)
  const pace = paceOf(asked, notice.pace)
  const account = await checkAccount(ports, notice, pace, () => stillToSend(ledger, notice))
  if (account.kind === 'refused') return account
  const change = await notices.resume(noticeId, { by, pace, word }, clock.now())
  if (change.kind === 'missing') return noticeNotFound(noticeId)
  if (change.kind === 'conflict') return changeConflict(change.notice, 'resume')
  await wakeDispatcher(ports, noticeId)
  return { ...change, warnings: account.warnings }
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

/**
 * Sends a finished notice again to those who failed for a passing reason, as the next run, and to nobody else; but for those
 * rejected, of whose message nothing has left, if that is asked for with a word on the cause.
 */
export async function retryNotice(
  ports: ApiPorts,
  { noticeId, by }: Acting,
  { afterLeak, rejected = false, ...asked }: RetryRequest,
): Promise<Retry> {
  const { notices, ledger, clock, stack } = ports
  const notice = await notices.read(noticeId)
  if (notice === undefined) return noticeNotFound(noticeId)
  const refused = stateConflict(notice, 'retry') ?? shareTooLarge(asked, stack.rateShare)
  if (refused !== undefined) return refused
  const sum = await sumBatches(ledger, notice)
  const recipients = concernedBy({ retryRejected: rejected }, sum)
  if (recipients === 0) {
    const detail = `Nobody of notice ${noticeId} failed or bounced for a reason that may pass. GET /notices/${noticeId}/report has the numbers.`
    return refusal('nothing-to-retry', detail)
  }
  const word = wordFor(notice, afterLeak)
  const needed = notice.leak !== undefined || rejected
  if (needed && word === undefined) return leakNotConfirmed(notice, sum, { action: 'retry', rejected })
  if (!needed && word !== undefined) return nothingToConfirm(noticeId)
  const pace = paceOf(asked, notice.pace)
  const account = await checkAccount(ports, notice, pace, async () => recipients)
  if (account.kind === 'refused') return account
  const change = await notices.retry(noticeId, { by, pace, word, rejected }, clock.now())
  if (change.kind === 'missing') return noticeNotFound(noticeId)
  if (change.kind === 'conflict') return changeConflict(change.notice, 'retry')
  await wakeDispatcher(ports, noticeId)
  return { ...change, recipients, warnings: account.warnings }
}

async function unconfirmed(ports: ApiPorts, notice: Notice): Promise<Refusal<'leak-not-confirmed'>> {
  return leakNotConfirmed(notice, await sumBatches(ports.ledger, notice), { action: 'resume' })
}

/** The most messages whose calls may begin after a stop: a second's worth at the granted rate. A bound, so never in the way. */
async function mayStillGoOut({ rates }: ApiPorts): Promise<number> {
  const granted = await rates.read().catch(() => [])
  return Math.ceil((granted.at(-1)?.ratePerSecond ?? 0) * (STOP_WITHIN_MS / 1000))
}

/** Why a draft cannot be started: first its audience, then its approval. */
function unapproved(notice: Notice): Refusal<'audience-not-ready' | 'not-approved'> | undefined {
  if (notice.state !== 'draft') return undefined
  const ready = readyAudience(notice)
  if (ready.kind === 'refused') return ready
  const { noticeId } = notice
  return refusal('not-approved', `Notice ${noticeId} is a draft. POST /notices/${noticeId}/approve before its start.`)
}

async function wakeDispatcher({ waker, log }: ApiPorts, noticeId: string): Promise<void> {
  try {
    await waker.wake(noticeId)
  } catch (cause) {
    log.warn('The dispatcher was not woken; it comes by itself within a minute', { noticeId, cause: String(cause) })
  }
}
