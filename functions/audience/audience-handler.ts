import type { NoticeStore } from '../notice/notice-store.ts'
import type { Lanes } from '../pacer/lanes.ts'
import type { Audience } from '../recipient/audience.ts'
import { RECIPIENT_KEY_SECRET_BYTES } from '../recipient/recipient-key.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import type { Random } from '../runtime/random.ts'
import type { AudienceFiles } from './audience-files.ts'
import { type FileProblem, fileProblems, UPLOAD_BYTES_MAX } from './file-problem.ts'
import { indexAudience } from './index-audience.ts'
import { parseUploadEvent, type UploadedObject } from './upload-event.ts'

export interface AudiencePorts {
  readonly notices: NoticeStore
  readonly files: AudienceFiles
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly lanes: Lanes
  /** Recipients in a batch; BATCH_SIZE unless told. */
  readonly batchSize?: number
}

/**
 * Indexes an uploaded audience. Called for each object created in the audience bucket, at least once: a repeated call writes
 * the same bytes, or finds the audience ready and leaves it alone. Only the last write, of the notice, publishes anything;
 * a failure before it is thrown and tried again.
 */
export function createAudienceHandler({ notices, files, clock, random, log, lanes, batchSize }: AudiencePorts) {
  async function isAwaited({ noticeId, audienceId }: UploadedObject): Promise<boolean> {
    const notice = await notices.read(noticeId)
    if (notice?.audience?.audienceId !== audienceId) {
      log.info('The upload belongs to no notice, or a newer one has taken its place', { noticeId, audienceId })
      return false
    }
    if (notice.audience.state === 'ready') log.info('The audience is ready already', { noticeId, audienceId })
    return notice.audience.state !== 'ready'
  }

  async function record(noticeId: string, audience: Audience): Promise<boolean> {
    const { kind } = await notices.recordAudience(noticeId, audience)
    const { audienceId } = audience
    if (kind !== 'changed') log.info('The notice takes this audience no more', { noticeId, audienceId, result: kind })
    return kind === 'changed'
  }

  const layout = { lanes, ...(batchSize !== undefined && { batchSize }) }

  async function index({ noticeId, audienceId }: UploadedObject): Promise<Audience> {
    const { sizeBytes, bytes } = await files.openUpload(noticeId, audienceId)
    if (sizeBytes > UPLOAD_BYTES_MAX) return refuse(audienceId, fileProblems.tooLarge(sizeBytes))
    const secret = await files.recipientKeySecret(audienceId, random.bytes(RECIPIENT_KEY_SECRET_BYTES))
    const result = await indexAudience(bytes, files.createSinks(audienceId), secret, layout)
    return result.kind === 'problem' ? refuse(audienceId, result) : { state: 'ready', audienceId, ...result.audience }
  }

  return async function handle(event: unknown): Promise<void> {
    const uploaded = parseUploadEvent(event)
    if (uploaded === undefined || !(await isAwaited(uploaded))) return
    const { noticeId, audienceId } = uploaded
    if (!(await record(noticeId, { state: 'indexing', audienceId }))) return
    const startedAtMs = clock.now()
    const audience = await index(uploaded)
    if (!(await record(noticeId, audience))) return
    log.info('Indexed an audience', { noticeId, ...summary(audience), seconds: (clock.now() - startedAtMs) / 1000 })
  }
}

function refuse(audienceId: string, { code, message, line }: FileProblem): Audience {
  return { state: 'refused', audienceId, problem: { code, message, ...(line !== undefined && { line }) } }
}

function summary(audience: Audience) {
  const { state, audienceId } = audience
  if (audience.state === 'refused') return { state, audienceId, problem: audience.problem.code }
  if (audience.state !== 'ready') return { state, audienceId }
  const { rows, recipients, refusedRows, batches, digest } = audience
  return { state, audienceId, rows, recipients, refusedRows, batches, digest }
}
