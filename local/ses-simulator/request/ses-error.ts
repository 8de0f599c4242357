/** The errors that the simulator can answer, with the HTTP status SES gives each. */
export const sesErrorStatuses = {
  BadRequestException: 400,
  InternalServiceErrorException: 500,
  LimitExceededException: 400,
  MessageRejected: 400,
  MissingAuthenticationTokenException: 403,
  NotFoundException: 404,
  RequestEntityTooLargeException: 413,
  SendingPausedException: 400,
  SerializationException: 400,
  TooManyRequestsException: 429,
  UnknownOperationException: 404,
} as const

export interface SesError {
  readonly kind: 'error'
  readonly type: keyof typeof sesErrorStatuses
  readonly message: string
}

export function sesError(type: SesError['type'], message: string): SesError {
  return { kind: 'error', type, message }
}

export const badRequest = (message: string): SesError => sesError('BadRequestException', message)
