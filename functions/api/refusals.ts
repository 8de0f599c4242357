import type { Notice } from '../notice/notice.ts'
import { type NoticeAction, transition } from '../notice/notice-states.ts'
import type { Audience, ReadyAudience } from '../recipient/audience.ts'
import { assertNever } from '../runtime/assert-never.ts'
import { type Refusal, refusal } from './problems.ts'

export function noticeNotFound(noticeId: string): Refusal<'notice-not-found'> {
  return refusal('notice-not-found', `There is no notice ${noticeId}. GET /notices lists those that there are.`)
}

/** Undefined when the notice's state allows the action. */
export function stateConflict(notice: Notice, action: NoticeAction): Refusal<'state-conflict'> | undefined {
  const step = transition(notice.state, action)
  if (step.kind === 'allowed') return undefined
  return refusal('state-conflict', `Notice ${notice.noticeId} is ${step.state}: ${action} is refused. ${step.remedy}`)
}

/** Why a store refused a change that was possible when the notice was read. */
export function changeConflict(notice: Notice, action: NoticeAction): Refusal<'state-conflict' | 'changed-meanwhile'> {
  const detail = `Notice ${notice.noticeId} changed while this was done. Read it again, and decide anew.`
  return stateConflict(notice, action) ?? refusal('changed-meanwhile', detail)
}

/** The notice's audience once it is indexed; until then, why it is not ready and what to do. */
export function readyAudience({
  noticeId,
  audience,
}: Notice): { kind: 'ready'; audience: ReadyAudience } | Refusal<'audience-not-ready'> {
  if (audience?.state === 'ready') return { kind: 'ready', audience }
  return refusal('audience-not-ready', `The audience of notice ${noticeId} ${notReady(noticeId, audience)}`)
}

function notReady(noticeId: string, audience: Exclude<Audience, { state: 'ready' }> | undefined): string {
  switch (audience?.state) {
    case undefined:
      return `is missing. POST /notices/${noticeId}/audience, then upload it to the link in the answer.`
    case 'awaiting-upload':
      return 'has not been uploaded yet. Upload it to the link that was given for it.'
    case 'indexing':
      return `is being indexed. Wait until GET /notices/${noticeId}/audience says ready.`
    case 'refused':
      return `was refused: ${audience.problem.message} Mend the file, POST /notices/${noticeId}/audience, and upload it.`
    default:
      return assertNever(audience)
  }
}

export function audienceExpired(noticeId: string): Refusal<'audience-expired'> {
  const detail =
    `The addresses of notice ${noticeId} are no longer in the audience bucket, which forgets them after the audience ` +
    'retention. What became of them is still there by recipient key, but nobody can say any more whose keys those are.'
  return refusal('audience-expired', detail)
}

export function noRate(): Refusal<'sending-disabled'> {
  const detail =
    'SES grants this account no recipients a second in this region, so that nothing can be reckoned with. See its account dashboard.'
  return refusal('sending-disabled', detail)
}
