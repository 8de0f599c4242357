import type { Notice } from '../notice/notice.ts'
import { misfits } from './content-fit.ts'
import type { ApiPorts } from './ports.ts'
import { type Refusal, refusal } from './problems.ts'
import { changeConflict, noticeNotFound, readyAudience, stateConflict } from './refusals.ts'

export type Approval =
  | { kind: 'approved'; notice: Notice }
  | Refusal<'notice-not-found' | 'state-conflict' | 'audience-not-ready' | 'variables-missing' | 'changed-meanwhile'>

/**
 * Binds what is said and to whom. What is approved is what was read and checked here: a change in between is a conflict.
 * The author may approve as well; who may is one question, to be asked here.
 */
export async function approve(ports: ApiPorts, noticeId: string, by: string): Promise<Approval> {
  const notice = await ports.notices.read(noticeId)
  if (notice === undefined) return noticeNotFound(noticeId)
  const conflict = stateConflict(notice, 'approve')
  if (conflict !== undefined) return conflict
  const ready = readyAudience(notice)
  if (ready.kind === 'refused') return ready
  const missing = misfits(await ports.contents.get(notice.contentDigest), ready.audience)
  if (missing.length > 0) {
    const detail = 'Some recipients lack variables that their message names, so it could not be made; see errors.'
    return refusal('variables-missing', detail, missing)
  }
  const { contentDigest } = notice
  const approval = { by, atMs: ports.clock.now(), contentDigest, audienceDigest: ready.audience.digest }
  const change = await ports.notices.approve(noticeId, approval)
  if (change.kind === 'missing') return noticeNotFound(noticeId)
  if (change.kind === 'conflict') return changeConflict(change.notice, 'approve')
  return { kind: 'approved', notice: change.notice }
}
