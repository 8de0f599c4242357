import { join } from 'node:path'
import { type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import { isLoopback, localCredentials } from '../network-guard.ts'
import { createBuckets, pollObjectsCreated } from './external-buckets.ts'
import { createQueues, type QueueDefinition } from './queues.ts'
import type { ObjectCreated } from './s3.ts'
import { type ServiceProcess, startServiceProcess } from './service-process.ts'
import { createTables } from './tables.ts'

export type { QueueDefinition } from './queues.ts'
export type { ObjectCreated } from './s3.ts'

export interface ServiceEndpoints {
  readonly AWS_ENDPOINT_URL_SQS: string
  readonly AWS_ENDPOINT_URL_S3: string
  readonly AWS_ENDPOINT_URL_DYNAMODB: string
}

export interface EmbeddedServicesOptions {
  /** Objects are kept in its folder `s3`, which is emptied at the start; tables and queues are in memory. */
  readonly stateDirectory: string
  readonly buckets: readonly string[]
  readonly tables: readonly CreateTableCommandInput[]
  readonly queues: readonly QueueDefinition[]
  readonly onObjectCreated: (event: ObjectCreated) => void
  readonly region?: string
  /** Where an external S3 is watched for new objects (see external-buckets.ts). */
  readonly uploadPrefix?: string
  /** Where AWS_ENDPOINT_URL_SQS, _S3 and _DYNAMODB are looked up; the process's own environment otherwise. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

export interface EmbeddedServices {
  readonly endpoints: ServiceEndpoints
  readonly queueUrls: Readonly<Record<string, string>>
  /** Of the processes that host services, for measurements. */
  readonly pids: readonly number[]
  close(): Promise<void>
}

/**
 * SQS, S3 and DynamoDB on 127.0.0.1, with their buckets, tables and queues: DynamoDB in one process, SQS and S3 in
 * another. A service whose AWS_ENDPOINT_URL_… is set is used where it is, and what is missing there is created.
 */
export async function startEmbeddedServices(options: EmbeddedServicesOptions): Promise<EmbeddedServices> {
  const region = options.region ?? 'eu-west-1'
  const external = externalEndpoints(options.environment ?? process.env)
  const started = await startProcesses(options, region, external)
  const closers: (() => Promise<void>)[] = started.map(hosting => () => hosting.close())
  const close = async () => {
    await Promise.all(closers.map(closeOne => closeOne()))
  }
  try {
    const hosted = Object.fromEntries(started.flatMap(hosting => Object.entries(hosting.endpoints)))
    const endpoints: ServiceEndpoints = {
      AWS_ENDPOINT_URL_SQS: external.sqs ?? required(hosted, 'sqs'),
      AWS_ENDPOINT_URL_S3: external.s3 ?? required(hosted, 's3'),
      AWS_ENDPOINT_URL_DYNAMODB: external.dynamodb ?? required(hosted, 'dynamodb'),
    }
    if (external.s3 !== undefined) closers.push(await useExternalS3(options, region, external.s3))
    const [queueUrls] = await Promise.all([
      provisionQueues(options, region, endpoints.AWS_ENDPOINT_URL_SQS),
      provisionTables(options, region, endpoints.AWS_ENDPOINT_URL_DYNAMODB),
    ])
    return { endpoints, queueUrls, pids: started.map(hosting => hosting.pid), close }
  } catch (error) {
    await close()
    throw error
  }
}

type ExternalEndpoints = Readonly<Record<'sqs' | 's3' | 'dynamodb', string | undefined>>

function externalEndpoints(environment: Readonly<Record<string, string | undefined>>): ExternalEndpoints {
  const endpoint = (name: string) => {
    const url = environment[name] || undefined
    if (url === undefined) return undefined
    if (URL.canParse(url) && isLoopback(new URL(url).hostname)) return url.replace(/\/$/, '')
    throw new TypeError(`${name} is ${url}: the local stack never leaves this computer, give it a URL on 127.0.0.1`)
  }
  return {
    sqs: endpoint('AWS_ENDPOINT_URL_SQS'),
    s3: endpoint('AWS_ENDPOINT_URL_S3'),
    dynamodb: endpoint('AWS_ENDPOINT_URL_DYNAMODB'),
  }
}

async function startProcesses(
  { stateDirectory, buckets, onObjectCreated }: EmbeddedServicesOptions,
  region: string,
  external: ExternalEndpoints,
): Promise<ServiceProcess[]> {
  const queuesAndObjects = {
    sqs: external.sqs === undefined ? { region } : undefined,
    s3: external.s3 === undefined ? { directory: join(stateDirectory, 's3'), buckets } : undefined,
  }
  const wanted = [
    ...(external.dynamodb === undefined ? [{ dynamodb: {} }] : []),
    ...(queuesAndObjects.sqs || queuesAndObjects.s3 ? [queuesAndObjects] : []),
  ]
  const outcomes = await Promise.allSettled(
    wanted.map(services => startServiceProcess(services, { region, onObjectCreated })),
  )
  const started = outcomes.filter(outcome => outcome.status === 'fulfilled').map(outcome => outcome.value)
  const failure = outcomes.find(outcome => outcome.status === 'rejected')
  if (failure === undefined) return started
  await Promise.all(started.map(hosting => hosting.close()))
  throw failure.reason
}

function required(endpoints: Readonly<Record<string, string>>, name: string): string {
  const endpoint = endpoints[name]
  if (endpoint === undefined) throw new TypeError(`The service process did not say where ${name} listens`)
  return endpoint
}

async function provisionQueues({ queues }: EmbeddedServicesOptions, region: string, endpoint: string) {
  const client = new SQSClient({ endpoint, region, credentials: localCredentials, useQueueUrlAsEndpoint: false })
  try {
    return await createQueues(client, endpoint, queues)
  } finally {
    client.destroy()
  }
}

async function provisionTables({ tables }: EmbeddedServicesOptions, region: string, endpoint: string): Promise<void> {
  const client = new DynamoDBClient({ endpoint, region, credentials: localCredentials })
  try {
    await createTables(client, tables)
  } finally {
    client.destroy()
  }
}

async function useExternalS3(
  options: EmbeddedServicesOptions,
  region: string,
  endpoint: string,
): Promise<() => Promise<void>> {
  const client = new S3Client({ endpoint, region, credentials: localCredentials, forcePathStyle: true })
  await createBuckets(client, options.buckets)
  const polling = await pollObjectsCreated(
    client,
    options.buckets,
    options.uploadPrefix ?? 'uploads/',
    options.onObjectCreated,
  )
  return async () => {
    await polling.close()
    client.destroy()
  }
}
