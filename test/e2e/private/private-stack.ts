import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb'
import * as z from 'zod'
import { localCredentials } from '../../../local/network-guard.ts'
import type { Invoked } from '../../../local/runtime/local-functions.ts'
import { SqsCalls } from '../../../local/services/sqs-calls.ts'
import { type LocalStack, startLocalStack } from '../../../local/stack.ts'
import type { QueueDefinition, TableDefinition } from '../../../local/template/deployment.ts'
import { collectFiles } from './collect-files.ts'
import { Evidence } from './evidence.ts'
import { type Operator, operatorAt } from './operator.ts'
import { recordApi } from './record-api.ts'
import { isEventQueue, type RecordedServices, recordServices } from './record-services.ts'

export const SENDER = 'notices@northgate.example'
const REGION = 'eu-west-1'

/** A local stack, all of whose writings are on record. */
export interface PrivateStack {
  readonly stack: LocalStack
  readonly stateDirectory: string
  readonly services: RecordedServices
  readonly evidence: Evidence
  /** Of the API, on record. */
  readonly url: string
  readonly operator: Operator
  /** How many invocations of senders ended with their process. */
  readonly senderCrashes: () => number
  /** Ends the stack, and puts on record what is seen only then. */
  close(): Promise<void>
}

export async function startPrivateStack(): Promise<PrivateStack> {
  await using resources = new AsyncDisposableStack()
  const stateDirectory = mkdtempSync(path.join(tmpdir(), 'onlyto-private-'))
  resources.defer(() => rmSync(stateDirectory, { recursive: true, force: true }))
  const evidence = new Evidence()
  const services = resources.adopt(await recordServices(evidence), recorded => recorded.close())
  const stack = resources.adopt(await startBehind(services, stateDirectory), started => started.close())
  const { routes } = stack.deployment
  const api = await recordApi(evidence, {
    url: stack.apiUrl,
    routes,
    accessLogFormat: accessLogFormat(evidence, stateDirectory),
  })
  resources.adopt(api, recorded => recorded.close())
  const kept = resources.move()
  const seen = { evidence, services, stack, stateDirectory }
  let closed: Promise<void> | undefined
  const close = async () => {
    try {
      await collectAtTheEnd(seen)
    } finally {
      await kept.disposeAsync()
    }
  }
  return {
    ...{ ...seen, url: api.url, operator: operatorAt(api.url, evidence) },
    senderCrashes: () => stack.functionReports().find(({ room }) => room === 'sender')?.crashes ?? 0,
    close: () => {
      closed ??= close()
      return closed
    },
  }
}

type Seen = Pick<PrivateStack, 'evidence' | 'services' | 'stack' | 'stateDirectory'>

async function collectAtTheEnd({ evidence, services, stack, stateDirectory }: Seen): Promise<void> {
  await collectTables(evidence, services.tables.url, stack.deployment.tables)
  await collectDeadLetters(evidence, services.queues.url, stack.deployment.queues, stack.queueUrls)
  collectFiles(evidence, stateDirectory, place => place !== 'function log' && place !== 'template')
  evidence.add('function log', 'sums of metrics', JSON.stringify(stack.metrics()))
  await stack.close()
  collectFiles(evidence, stateDirectory, place => place === 'function log')
}

async function startBehind(
  { tables, queues, evidence }: RecordedServices,
  stateDirectory: string,
): Promise<LocalStack> {
  const given = { AWS_ENDPOINT_URL_DYNAMODB: tables.url, AWS_ENDPOINT_URL_SQS: queues.url }
  Object.assign(process.env, given)
  try {
    return await startLocalStack({
      port: 0,
      stateDirectory,
      context: { share: '1', sender: SENDER, senderConcurrency: '3', settleDelaySeconds: '2' },
      prewarmSenders: 3,
      ses: { maxSendRate: 80, latencyMedianMs: 20, latencyP99Ms: 60, deliveryEventDelayMs: 200 },
      onProblem: problem => evidence.add('terminal', 'the stack', problem),
      onInvocation: invoked => recordInvocation(evidence, invoked),
      closeOnSignals: false,
    })
  } finally {
    for (const name of Object.keys(given)) delete process.env[name]
  }
}

/** What a client asks of the API is not OnlyTo's; what SES tells feedback is not either. */
export function recordInvocation(evidence: Evidence, { room, event, invocation }: Invoked): void {
  if (room !== 'api' && room !== 'feedback') evidence.add('invocation', `event of ${room}`, JSON.stringify(event))
  evidence.add('invocation', `end of ${room}`, JSON.stringify(invocation))
}

const formatInTemplate = z.string().regex(/\$context\.requestId/)

function accessLogFormat(evidence: Evidence, stateDirectory: string): string {
  collectFiles(evidence, stateDirectory, place => place === 'template')
  const format = evidence
    .of('template')
    .filter(({ where }) => where.endsWith('.template.json'))
    .flatMap(({ text }) => /"Format": ?("\{(?:[^"\\]|\\.)*")/.exec(text)?.[1] ?? [])[0]
  return formatInTemplate.parse(JSON.parse(format ?? '""'))
}

export async function collectTables(
  evidence: Evidence,
  endpoint: string,
  tables: readonly Pick<TableDefinition, 'create'>[],
): Promise<void> {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint, region: REGION, credentials: localCredentials }),
  )
  for (const { create } of tables) {
    for await (const { Items = [] } of paginateScan({ client }, { TableName: create.TableName })) {
      for (const item of Items) evidence.add('table item', create.TableName ?? '', JSON.stringify(item))
    }
  }
  client.destroy()
}

export async function collectDeadLetters(
  evidence: Evidence,
  endpoint: string,
  queues: readonly Pick<QueueDefinition, 'deadLetterQueue'>[],
  queueUrls: Readonly<Record<string, string>>,
): Promise<void> {
  const calls = new SqsCalls(endpoint, REGION)
  for (const { deadLetterQueue } of queues) {
    if (deadLetterQueue === undefined || isEventQueue(deadLetterQueue.name)) continue
    const receive = () =>
      calls.receive(queueUrls[deadLetterQueue.name] ?? '', {
        count: 10,
        waitSeconds: 0,
        signal: AbortSignal.timeout(5_000),
      })
    for (let letters = await receive(); letters.length > 0; letters = await receive()) {
      for (const letter of letters) evidence.add('dead letter', deadLetterQueue.name, JSON.stringify(letter))
    }
  }
  calls.close()
}
