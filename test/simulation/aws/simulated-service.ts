export type ServiceName = 'dynamodb' | 's3' | 'sqs' | 'ses' | 'lambda' | 'kms'

/** One HTTP exchange as a service sees it. */
export interface ServiceRequest {
  readonly service: ServiceName
  readonly method: string
  /** With the query. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface ServiceResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** A service is a synchronous state machine: it answers at the present moment of virtual time. */
export type SimulatedService = (request: ServiceRequest) => ServiceResponse

/** What a process's SDK clients call: the engine decides latency, loss, crash. A rejection is a broken connection or a time-out. */
export type Exchange = (request: ServiceRequest) => Promise<ServiceResponse>
