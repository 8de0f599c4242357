import * as z from 'zod'
import { Defect } from '../runtime/defect.ts'

/** What EventBridge says of a new object. Its keys are not URL-encoded, unlike those of S3's own notifications. */
const objectCreatedSchema = z.object({
  'detail-type': z.literal('Object Created'),
  source: z.literal('aws.s3'),
  detail: z.object({ object: z.object({ key: z.string() }) }),
})

export interface UploadedObject {
  readonly noticeId: string
  readonly audienceId: string
}

/** The upload that an event tells of; undefined for the other objects of the bucket, such as those of the indexer itself. */
export function parseUploadEvent(event: unknown): UploadedObject | undefined {
  const parsed = objectCreatedSchema.safeParse(event)
  if (!parsed.success) {
    throw new Defect('upload-event', `Not an "Object Created" event of S3: ${z.prettifyError(parsed.error)}`)
  }
  const [, noticeId, audienceId] = /^uploads\/([^/]+)\/([^/]+)$/.exec(parsed.data.detail.object.key) ?? []
  return noticeId === undefined || audienceId === undefined ? undefined : { noticeId, audienceId }
}
