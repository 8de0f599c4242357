import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { KMSClient } from '@aws-sdk/client-kms'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { SESv2Client } from '@aws-sdk/client-sesv2'
import { SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { Clock } from '../../../functions/runtime/clock.ts'
import type { Random } from '../../../functions/runtime/random.ts'
import { exchangeHandler } from './exchange-handler.ts'
import { leanConfig, leanMiddleware } from './lean-middleware.ts'
import type { Exchange, ServiceName } from './simulated-service.ts'
import { type RetryLimits, virtualRetry } from './virtual-retry.ts'

export interface SimulatedClients {
  readonly tables: DynamoDBDocumentClient
  readonly s3: S3Client
  readonly sqs: SQSClient
  /** As the sender makes it: one attempt. */
  readonly ses: SESv2Client
  /** For GetAccount: the SDK's own attempts. */
  readonly sesAccount: SESv2Client
  readonly lambda: LambdaClient
  readonly kms: KMSClient
}

export const SIMULATED_REGION = 'eu-west-1'

const standard: RetryLimits = { maxAttempts: 3, baseDelayMs: 50 }
/** The SDK has these of its own for DynamoDB. */
const dynamoDb: RetryLimits = { maxAttempts: 4, baseDelayMs: 25 }
const oneAttempt: RetryLimits = { maxAttempts: 1, baseDelayMs: 0 }

/**
 * The real SDK clients of one process over a simulated network. All that would read a file, the environment or the real clock
 * is given, so that a call goes on by microtasks alone.
 */
export function simulatedClients(exchange: Exchange, clock: Clock, random: Random): SimulatedClients {
  const settings = (service: ServiceName, limits: RetryLimits) => ({
    ...unchanging,
    endpointProvider: constantEndpoint(service),
    requestHandler: exchangeHandler(service, exchange),
    maxAttempts: limits.maxAttempts,
    retryStrategy: virtualRetry(clock, random, limits),
  })
  const cached = { cacheMiddleware: true }
  const tables = once(() => {
    const client = new DynamoDBClient({ ...settings('dynamodb', dynamoDb), accountIdEndpointMode: 'disabled' })
    return DynamoDBDocumentClient.from(leanConfig(leanMiddleware(client)), {
      marshallOptions: { removeUndefinedValues: true },
    })
  })
  const s3 = once(() => simulatedS3Client(settings('s3', standard)))
  const sqs = once(() => {
    const direct = { md5: false, useQueueUrlAsEndpoint: false } as const
    return leanConfig(leanMiddleware(new SQSClient({ ...settings('sqs', standard), ...cached, ...direct })))
  })
  const ses = once(() => leanConfig(leanMiddleware(new SESv2Client({ ...settings('ses', oneAttempt), ...cached }))))
  const sesAccount = once(() =>
    leanConfig(leanMiddleware(new SESv2Client({ ...settings('ses', standard), ...cached }))),
  )
  const lambda = once(() =>
    leanConfig(leanMiddleware(new LambdaClient({ ...settings('lambda', standard), ...cached }))),
  )
  const kms = once(() => leanConfig(leanMiddleware(new KMSClient({ ...settings('kms', standard), ...cached }))))
  return {
    get tables() {
      return tables()
    },
    get s3() {
      return s3()
    },
    get sqs() {
      return sqs()
    },
    get ses() {
      return ses()
    },
    get sesAccount() {
      return sesAccount()
    },
    get lambda() {
      return lambda()
    },
    get kms() {
      return kms()
    },
  }
}

/** A client takes some 40 µs to make, and no process needs all of them. */
function once<Client>(make: () => Client): () => Client {
  let made: Client | undefined
  return () => {
    made ??= make()
    return made
  }
}

const unchanging = {
  region: SIMULATED_REGION,
  credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
  defaultsMode: 'standard',
  retryMode: 'standard',
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  userAgentAppId: '',
  ignoreConfiguredEndpointUrls: true,
} as const

/** By the rules of the SDK an endpoint is found anew for each call. */
function constantEndpoint(service: ServiceName) {
  const endpoint = { url: new URL(`http://${service}.invalid`), properties: {}, headers: {} }
  return () => endpoint
}

/** Path style, without checksums, and with the place in the middleware that a presigned link is made at. */
function simulatedS3Client(settings: S3ClientConfig): S3Client {
  const endpoints = new Map<string, EndpointV2>()
  const client = new S3Client({
    ...settings,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    disableS3ExpressSessionAuth: true,
    useArnRegion: false,
    disableMultiregionAccessPoints: true,
    endpointProvider: ({ Bucket = '' }) => {
      const endpoint = endpoints.get(Bucket) ?? bucketEndpoint(Bucket)
      endpoints.set(Bucket, endpoint)
      return endpoint
    },
  })
  leanMiddleware(client).middlewareStack.add(next => next, { name: 'awsAuthMiddleware', step: 'finalizeRequest' })
  return client
}

type EndpointV2 = ReturnType<NonNullable<S3ClientConfig['endpointProvider']>>

function bucketEndpoint(bucket: string): EndpointV2 {
  const authSchemes = [{ name: 'sigv4', signingName: 's3', signingRegion: SIMULATED_REGION, properties: {} }]
  return { url: new URL(`http://s3.invalid/${bucket}`), properties: { authSchemes }, headers: {} }
}
