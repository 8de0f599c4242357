import type { ServiceName, ServiceRequest, ServiceResponse } from './simulated-service.ts'

/** The status of an answer that never comes: the service has done its part, the caller times out. */
export const NO_ANSWER_STATUS = 0

export const noAnswer: ServiceResponse = { status: NO_ANSWER_STATUS, headers: {}, body: new Uint8Array() }

export function jsonAnswer(status: number, body: unknown): ServiceResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) }
}

export function xmlAnswer(status: number, xml: string): ServiceResponse {
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(xml) }
}

/** The request's JSON, which the SDK's own serialisers have written in the type's shape. */
export function jsonOf<Input>(request: ServiceRequest): Input {
  const { buffer, byteOffset, byteLength } = request.body
  return JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString() || '{}')
}

/** An error as each service writes it, so that the SDK makes the exception of that name of it. */
export function errorAnswer(service: ServiceName, status: number, type: string, message: string): ServiceResponse {
  switch (service) {
    case 'dynamodb':
      return jsonAnswer(status, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message })
    case 'sqs':
      return jsonAnswer(status, { __type: `com.amazonaws.sqs#${type}`, message })
    case 'kms':
      return jsonAnswer(status, { __type: type, message })
    case 's3':
      return xmlAnswer(status, `<Error><Code>${type}</Code><Message>${message}</Message></Error>`)
    case 'ses':
    case 'lambda': {
      const answer = jsonAnswer(status, { message })
      return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': type } }
    }
  }
}

/** "Slow down", as the service says it. The request had no effect. */
export function throttleAnswer(service: ServiceName): ServiceResponse {
  const { status, type } = throttles[service]
  return errorAnswer(service, status, type, 'Rate exceeded')
}

const throttles: Readonly<Record<ServiceName, { readonly status: number; readonly type: string }>> = {
  dynamodb: { status: 400, type: 'ProvisionedThroughputExceededException' },
  s3: { status: 503, type: 'SlowDown' },
  sqs: { status: 400, type: 'ThrottlingException' },
  ses: { status: 429, type: 'TooManyRequestsException' },
  lambda: { status: 429, type: 'TooManyRequestsException' },
  kms: { status: 400, type: 'ThrottlingException' },
}

/** A fault of the service itself, which says nothing about whether the request had an effect. */
export function serverErrorAnswer(service: ServiceName): ServiceResponse {
  return errorAnswer(service, 500, 'InternalServerError', 'The service failed')
}
