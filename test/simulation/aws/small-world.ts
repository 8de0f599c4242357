import { SendEmailCommand } from '@aws-sdk/client-sesv2'
import { seededRandom } from '../seeded-random.ts'
import { type DynamoDbHooks, simulatedDynamoDb } from './dynamodb/simulated-dynamodb.ts'
import { simulatedKms } from './kms/simulated-kms.ts'
import { simulatedLambda } from './lambda/simulated-lambda.ts'
import { simulatedS3 } from './s3/simulated-s3.ts'
import { type SesAccountSettings, type SesHooks, simulatedSes } from './ses/simulated-ses.ts'
import { simulatedClients } from './simulated-clients.ts'
import type { ServiceName, ServiceRequest, ServiceResponse, SimulatedService } from './simulated-service.ts'
import { type QueueHooks, simulatedQueue } from './sqs/simulated-queue.ts'
import { queueUrl, type SqsHooks, simulatedSqs } from './sqs/simulated-sqs.ts'

export interface SmallWorldHooks {
  readonly tables?: Partial<DynamoDbHooks>
  readonly ses?: Partial<SesHooks>
  readonly account?: Partial<SesAccountSettings>
  readonly queue?: Partial<QueueHooks>
  readonly sqs?: Partial<SqsHooks>
}

/** Every simulated service without latency, on a clock that a test moves, with a record of the requests. */
export function smallWorld(seed = 'seed', hooks: SmallWorldHooks = {}) {
  const random = seededRandom(seed)
  const clock = {
    nowMs: 1_800_000_000_000,
    sleptMs: 0,
    now: () => clock.nowMs,
    sleep: async (durationMs: number) => {
      clock.sleptMs += durationMs
      clock.nowMs += durationMs
    },
  }
  const byState = { indexName: 'byState', hash: 'state', range: 'createdAtMs' }
  const tables = simulatedDynamoDb(clock, [{ tableName: 'notices', indexes: [byState] }], hooks.tables)
  const created: string[] = []
  const s3 = simulatedS3(clock, ({ key }) => created.push(key))
  const invoked: unknown[] = []
  const deadLetters = simulatedQueue({ name: 'dead', visibilityTimeoutMs: 1000 }, clock, random)
  const batches = { name: 'batches', visibilityTimeoutMs: 30_000, maxReceiveCount: 5, deadLetters }
  const queue = simulatedQueue(batches, clock, random, hooks.queue)
  const ses = simulatedSes(clock, () => ({ ...account, ...hooks.account }), hooks.ses)
  const services: Readonly<Record<ServiceName, SimulatedService>> = {
    dynamodb: tables.service,
    s3: s3.service,
    sqs: simulatedSqs([queue], hooks.sqs),
    ses: ses.service,
    lambda: simulatedLambda((functionName, event) => invoked.push({ functionName, event })),
    kms: simulatedKms(['key-1']),
  }
  const serve = (request: ServiceRequest): ServiceResponse => services[request.service](request)
  let answer = serve
  const requests: ServiceRequest[] = []
  const clients = simulatedClients(
    async request => {
      requests.push(request)
      return answer(request)
    },
    clock,
    random,
  )
  return {
    ...{ clients, clock, requests, serve, tables, s3, created, invoked, queue, deadLetters, ses },
    queueUrl: queueUrl('batches'),
    answerWith: (other: typeof serve) => {
      answer = other
    },
  }
}

const account: SesAccountSettings = {
  maxSendRate: 10,
  bucketDepthSeconds: 1,
  max24HourSend: 50_000,
  sendingEnabled: true,
  region: 'eu-west-1',
  identities: ['example.com'],
  configurationSets: ['notices'],
}

export function sendEmailTo(to: string): SendEmailCommand {
  const text = (Data: string) => ({ Data, Charset: 'UTF-8' })
  return new SendEmailCommand({
    FromEmailAddress: 'notices@example.com',
    Destination: { ToAddresses: [to] },
    Content: { Simple: { Subject: text('Hello'), Body: { Text: text('Hello'), Html: text('<p>Hello</p>') } } },
    EmailTags: [{ Name: 'notice', Value: 'n1' }],
    ConfigurationSetName: 'notices',
  })
}
