/** An answer that S3 gives instead of doing what was asked; the server writes it as S3's error XML. */
export class S3Refusal extends Error {
  override readonly name = 'S3Refusal'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export const noSuchBucket = (bucket: string) =>
  new S3Refusal(404, 'NoSuchBucket', `The specified bucket does not exist: ${bucket}`)
export const noSuchKey = () => new S3Refusal(404, 'NoSuchKey', 'The specified key does not exist.')
export const noSuchUpload = () =>
  new S3Refusal(404, 'NoSuchUpload', 'The specified multipart upload does not exist, or was completed or aborted.')
export const preconditionFailed = (condition: string) =>
  new S3Refusal(412, 'PreconditionFailed', `The precondition ${condition} did not hold.`)
export const invalidRequest = (message: string) => new S3Refusal(400, 'InvalidRequest', message)
export const notImplemented = (what: string) =>
  new S3Refusal(501, 'NotImplemented', `This local S3 does not know ${what}.`)
