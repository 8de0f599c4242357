import { errorAnswer } from '../answers.ts'
import type { ServiceResponse } from '../simulated-service.ts'

/** HTTP status of each error that SES may answer SendEmail with. Sources: SESv2 model and CommonErrors of the API Reference. */
export const sesErrorStatuses = {
  TooManyRequestsException: 429,
  ThrottlingException: 400,
  Throttling: 400,
  LimitExceededException: 400,
  SendingPausedException: 400,
  AccountSuspendedException: 400,
  AccessDeniedException: 403,
  NotAuthorized: 401,
  OptInRequired: 403,
  ExpiredTokenException: 403,
  IncompleteSignature: 403,
  InvalidClientTokenId: 403,
  UnrecognizedClientException: 403,
  MailFromDomainNotVerifiedException: 400,
  NotFoundException: 404,
  RequestEntityTooLargeException: 413,
  MessageRejected: 400,
  BadRequestException: 400,
  MalformedHttpRequestException: 400,
  UnknownOperationException: 404,
  SerializationException: 400,
  ValidationError: 400,
  ConflictException: 409,
  RequestAbortedException: 400,
  RequestTimeoutException: 408,
  ServiceUnavailable: 503,
  InternalFailure: 500,
  InternalServiceErrorException: 500,
  ConcurrentModificationException: 500,
} as const

export type SesErrorName = keyof typeof sesErrorStatuses

export interface SesRefusal {
  readonly error: SesErrorName
  readonly message: string
}

export const rateExceeded: SesRefusal = { error: 'TooManyRequestsException', message: 'Maximum sending rate exceeded.' }
export const quotaExceeded: SesRefusal = { error: 'LimitExceededException', message: 'Daily message quota exceeded.' }

export function refusalAnswer({ error, message }: SesRefusal): ServiceResponse {
  return errorAnswer('ses', sesErrorStatuses[error], error, message)
}
