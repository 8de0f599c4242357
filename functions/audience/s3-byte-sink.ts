import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { ByteSink } from './byte-sink.ts'

/** The least that S3 takes for a part: 10,000 of them are 50 GB. */
const PART_BYTES = 5 * 1024 ** 2

/**
 * One object, uploaded in parts while it is written, or in one piece when it is smaller than a part. S3 shows it only when
 * it is whole. One part is filled while the one before it is under way, and the two buffers are used again and again: the
 * Upload of lib-storage makes new ones, of which 200 MB pile up between two garbage collections.
 */
export function s3ByteSink(client: S3Client, bucket: string, key: string, contentType: string): ByteSink {
  const target = { Bucket: bucket, Key: key }
  const parts: CompletedPart[] = []
  let [filling, sending] = [Buffer.alloc(0), Buffer.alloc(0)]
  let filled = 0
  let uploadId: string | undefined
  let sent: Promise<void> = Promise.resolve()

  async function sendPart(UploadId: string, bytes: Buffer): Promise<void> {
    const PartNumber = parts.length + 1
    const part = { ...target, UploadId, PartNumber, Body: bytes, ChecksumAlgorithm: 'CRC32' } as const
    const { ETag, ChecksumCRC32 } = await client.send(new UploadPartCommand(part))
    parts.push({ PartNumber, ETag, ChecksumCRC32 })
  }

  /** Sends what is filled, once the part before it has arrived. */
  async function flush(): Promise<string> {
    await sent
    const UploadId = uploadId ?? (await createUpload()) ?? ''
    uploadId = UploadId
    sent = sendPart(UploadId, filling.subarray(0, filled))
    // Heard by whoever waits for it next.
    sent.catch(() => {})
    ;[filling, sending] = [sending, filling]
    filled = 0
    return UploadId
  }

  async function createUpload(): Promise<string | undefined> {
    const upload = { ...target, ContentType: contentType, ChecksumAlgorithm: 'CRC32' } as const
    return (await client.send(new CreateMultipartUploadCommand(upload))).UploadId
  }

  return {
    write: async bytes => {
      for (let taken = 0; taken < bytes.length; ) {
        if (filled === PART_BYTES) await flush()
        if (filled === filling.length) filling = grown(filling)
        const end = Math.min(bytes.length, taken + filling.length - filled)
        filling.set(bytes.subarray(taken, end), filled)
        filled += end - taken
        taken = end
      }
    },
    close: async () => {
      if (uploadId === undefined) {
        const Body = filling.subarray(0, filled)
        await client.send(new PutObjectCommand({ ...target, ContentType: contentType, Body }))
        return
      }
      const UploadId = await flush()
      await sent
      await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }))
      uploadId = undefined
    },
    abort: async () => {
      await sent.catch(() => {})
      if (uploadId === undefined) return
      await client.send(new AbortMultipartUploadCommand({ ...target, UploadId: uploadId }))
      uploadId = undefined
    },
  }
}

/** Doubles up to a whole part, so that a small object takes little memory. */
function grown(buffer: Buffer): Buffer<ArrayBuffer> {
  const larger = Buffer.alloc(Math.min(PART_BYTES, Math.max(65_536, buffer.length * 2)))
  larger.set(buffer)
  return larger
}
