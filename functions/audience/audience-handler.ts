import type { NoticeStore } from '../notice/notice-store.ts'
import type { Lanes } from '../pacer/lanes.ts'
import type { Audience } from '../recipient/audience.ts'
import type { AudienceKeys } from '../recipient/audience-keys.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import type { AudienceFiles } from './audience-files.ts'
import { type FileProblem, fileProblems, UPLOAD_BYTES_MAX } from './file-problem.ts'
import { indexAudience } from './index-audience.ts'
import { parseUploadEvent, type UploadedObject } from './upload-event.ts'

export interface AudiencePorts {
  readonly notices: NoticeStore
  readonly files: AudienceFiles
  readonly keys: AudienceKeys
  /** The key of audiences that are indexed from now on. */
  readonly keyId: string
  readonly clock: Clock
  readonly log: Log
  readonly lanes: Lanes
  /** Recipients in a batch; BATCH_SIZE unless told. */
  readonly batchSize?: number
}

/**
 * Indexes an uploaded audience. Called for each object created in the audience bucket, at least once: a repeated call writes
 * the same bytes, under the key with which the first began, or finds the audience ready and leaves it alone. Only the last write, of the notice, publishes anything;
 * a failure before it is thrown and tried again.
 */
export function createAudienceHandler(ports: AudiencePorts) {
  const { notices, files, keys, clock, log, lanes, batchSize } = ports

  async function isAwaited({ noticeId, audienceId }: UploadedObject): Promise<boolean> {
    const notice = await notices.read(noticeId)
    if (notice?.audience?.audienceId !== audienceId) {
      log.info('The upload belongs to no notice, or a newer one has taken its place', { noticeId, audienceId })
      return false
    }
    if (notice.audience.state === 'ready') log.info('The audience is ready already', { noticeId, audienceId })
    return notice.audience.state !== 'ready'
  }

  /** Gives the audience as it is recorded now; undefined when the notice takes it no more. */
  async function record(noticeId: string, audience: Audience): Promise<Audience | undefined> {
    const change = await notices.recordAudience(noticeId, audience)
    if (change.kind === 'changed') return change.notice.audience
    const { audienceId } = audience
    log.info('The notice takes this audience no more', { noticeId, audienceId, result: change.kind })
    return undefined
  }

  const layout = { lanes, ...(batchSize !== undefined && { batchSize }) }

  async function index({ noticeId, audienceId }: UploadedObject, keyId: string): Promise<Audience> {
    const { sizeBytes, bytes } = await files.openUpload(noticeId, audienceId)
    if (sizeBytes > UPLOAD_BYTES_MAX) return refuse(audienceId, fileProblems.tooLarge(sizeBytes))
    const secret = await keys.secretOf(keyId, audienceId)
    const result = await indexAudience(bytes, files.createSinks(audienceId), secret, layout)
    if (result.kind === 'problem') return refuse(audienceId, result)
    return { state: 'ready', audienceId, keyId, ...result.audience }
  }

  return async function handle(event: unknown): Promise<void> {
    const uploaded = parseUploadEvent(event)
    if (uploaded === undefined || !(await isAwaited(uploaded))) return
    const { noticeId, audienceId } = uploaded
    const begun = await record(noticeId, { state: 'indexing', audienceId, keyId: ports.keyId })
    if (begun?.state !== 'indexing') return
    const startedAtMs = clock.now()
    const audience = await index(uploaded, begun.keyId)
    if ((await record(noticeId, audience)) === undefined) return
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
