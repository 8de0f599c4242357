import type { Notice } from '../notice/notice.ts'
import type { ApiPorts } from './ports.ts'
import { type Refusal, refusal } from './problems.ts'
import { changeConflict, noticeNotFound, readyAudience, stateConflict } from './refusals.ts'

type Absent = 'notice-not-found'
type Conflict = 'state-conflict' | 'changed-meanwhile'
export type Start =
  | { kind: 'changed'; notice: Notice }
  | Refusal<Absent | Conflict | 'audience-not-ready' | 'not-approved' | 'sending-disabled'>
export type Resumption = { kind: 'changed'; notice: Notice } | Refusal<Absent | Conflict | 'sending-disabled'>
export type Stop = { kind: 'changed'; notice: Notice } | Refusal<Absent | Conflict>

/** Begins the first run. Refused when it has begun already, so that a repeated call starts nothing twice. */
export async function startNotice(ports: ApiPorts, noticeId: string): Promise<Start> {
  const notice = await ports.notices.read(noticeId)
  if (notice === undefined) return noticeNotFound(noticeId)
  const refused = unapproved(notice) ?? stateConflict(notice, 'start') ?? (await disabledSending(ports))
  if (refused !== undefined) return refused
  const change = await ports.notices.start(noticeId, ports.clock.now())
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
  const change = await ports.notices.resume(noticeId, ports.clock.now())
  if (change.kind === 'missing') return noticeNotFound(noticeId)
  if (change.kind === 'conflict') return changeConflict(change.notice, 'resume')
  await wakeDispatcher(ports, noticeId)
  return change
}

/** Returns once the stop is recorded; every sender reads that within a second. */
export async function stopNotice(ports: ApiPorts, noticeId: string, by: string): Promise<Stop> {
  const change = await ports.notices.stop(noticeId, { kind: 'operator', by }, ports.clock.now())
  if (change.kind === 'missing') return noticeNotFound(noticeId)
  return change.kind === 'conflict' ? changeConflict(change.notice, 'stop') : change
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
