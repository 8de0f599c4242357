import type { OpenAPIHono } from '@hono/zod-openapi'
import type { SQSEvent } from 'aws-lambda'
import { createApi } from '../../functions/api/app.ts'
import { lambdaDispatcherWaker } from '../../functions/api/lambda-dispatcher-waker.ts'
import { s3AudienceLinks } from '../../functions/api/s3-audience-links.ts'
import { s3AudienceObjects } from '../../functions/api/s3-audience-objects.ts'
import { createAudienceHandler } from '../../functions/audience/audience-handler.ts'
import { s3AudienceFiles } from '../../functions/audience/s3-audience-files.ts'
import { sqsBatchQueue } from '../../functions/batch-queue/sqs-batch-queue.ts'
import { createDispatcherHandler } from '../../functions/dispatcher/dispatch.ts'
import { createFeedbackHandler } from '../../functions/feedback/record-feedback.ts'
import { dynamoLedgerStore } from '../../functions/ledger/dynamo-ledger-store.ts'
import { dynamoNoticeStore } from '../../functions/notice/dynamo-notice-store.ts'
import { s3ContentStore } from '../../functions/notice/s3-content-store.ts'
import { dynamoGrantedRates } from '../../functions/pacer/dynamo-granted-rates.ts'
import { dynamoPacerStore } from '../../functions/pacer/dynamo-pacer-store.ts'
import { createPacer } from '../../functions/pacer/pacer.ts'
import { kmsAudienceKeys } from '../../functions/recipient/kms-audience-keys.ts'
import { s3AudienceStore } from '../../functions/recipient/s3-audience-store.ts'
import { BATCHES_PER_CALL } from '../../functions/sender/concurrency.ts'
import { keepPacers } from '../../functions/sender/lane-pacers.ts'
import { createSenderHandler } from '../../functions/sender/receive-batches.ts'
import type { SesAccount } from '../../functions/ses/account.ts'
import { sesAccount } from '../../functions/ses/ses-account.ts'
import { sesMailer } from '../../functions/ses/ses-mailer.ts'
import { SIMULATED_REGION, type SimulatedClients, simulatedClients } from './aws/simulated-clients.ts'
import type { Exchange } from './aws/simulated-service.ts'
import { queueUrl } from './aws/sqs/simulated-sqs.ts'
import type { Handler } from './lambda-function.ts'
import { listen } from './listen.ts'
import type { Plants } from './plants.ts'
import type { Process, World } from './process.ts'
import type { Scenario } from './scenario.ts'

/** What the stack's template would put into the functions' environments. */
export const stack = {
  noticesTable: 'notices',
  deliveriesTable: 'deliveries',
  bucket: 'audience-bucket',
  batchQueueUrls: { main: queueUrl('batches'), lanes: queueUrl('lanes') },
  dispatcherFunction: 'dispatcher',
  configurationSet: 'notices',
  /** Generations of the stack's own key. */
  audienceKeys: ['key-1', 'key-2'],
  sender: 'notices@onlyto.example',
} as const

export interface RoomProps {
  readonly world: World
  readonly scenario: Scenario
  readonly plants: Plants
  readonly connect: (process: Process) => Exchange
}

/** What every room is made of, wired as its `handler.ts` does, over the clients, the clock and the chance of one process. */
function partsOf({ world, plants, connect }: RoomProps, process: Process) {
  const { clock, random } = process
  const clients: SimulatedClients = simulatedClients(connect(process), clock, random)
  const { log, metrics } = listen(world, process)
  const ledger = dynamoLedgerStore(
    clients.tables,
    { noticesTable: stack.noticesTable, deliveriesTable: stack.deliveriesTable, deliveryRetentionDays: 400 },
    clock,
  )
  return {
    clients,
    clock,
    random,
    log: plants.log?.(log) ?? log,
    metrics,
    notices: dynamoNoticeStore(clients.tables, stack.noticesTable, random),
    ledger: plants.ledger?.(ledger) ?? ledger,
    contents: s3ContentStore(clients.s3, stack.bucket),
    audiences: s3AudienceStore(clients.s3, stack.bucket),
    pacerStoreOf: (lane: string | undefined) =>
      dynamoPacerStore(clients.tables, stack.noticesTable, SIMULATED_REGION, lane),
    queue: sqsBatchQueue(clients.sqs, stack.batchQueueUrls, clock),
  }
}

function accountOf({ plants }: RoomProps, { sesAccount: client }: SimulatedClients): SesAccount {
  const account = sesAccount(client)
  return plants.account?.(account) ?? account
}

type Boot<Event> = (process: Process) => Handler<Event>

export function senderRoom(props: RoomProps): Boot<SQSEvent> {
  return process => {
    const { clients, pacerStoreOf, notices, ...parts } = partsOf(props, process)
    const { clock } = process
    const mailer = sesMailer(clients.ses)
    const pacerOf = keepPacers(lane => createPacer(pacerStoreOf(lane), clock))
    return createSenderHandler({
      ...parts,
      keys: kmsAudienceKeys(clients.kms),
      notices: props.plants.sendersNotices?.(notices) ?? notices,
      pacerOf: props.plants.sendersPacers?.(pacerOf) ?? pacerOf,
      mailer: props.plants.mailer?.(mailer) ?? mailer,
      settings: { configurationSet: stack.configurationSet, settleDelayMs: props.scenario.settleDelayMs },
    })
  }
}

export function dispatcherRoom(props: RoomProps): Boot<unknown> {
  return process => {
    const { clients, pacerStoreOf, notices, ...parts } = partsOf(props, process)
    return createDispatcherHandler({
      ...parts,
      notices: props.plants.dispatchersNotices?.(notices) ?? notices,
      pacerOf: lane => {
        const pacer = createPacer(pacerStoreOf(lane), process.clock)
        return { grant: (rate, notBeforeUs) => pacer.grant(props.plants.granted?.(rate) ?? rate, notBeforeUs) }
      },
      pacerStoreOf,
      grantedRates: dynamoGrantedRates(clients.tables, stack.noticesTable, SIMULATED_REGION),
      account: accountOf(props, clients),
      rateShare: props.scenario.share,
      lanes: props.scenario.lanes,
      pointersInHand: props.scenario.senders * BATCHES_PER_CALL,
    })
  }
}

export function feedbackRoom(props: RoomProps): Boot<SQSEvent> {
  return process => {
    return createFeedbackHandler(partsOf(props, process))
  }
}

export function audienceRoom(props: RoomProps): Boot<unknown> {
  return process => {
    const { clients, ...parts } = partsOf(props, process)
    return createAudienceHandler({
      ...parts,
      files: s3AudienceFiles(clients.s3, stack.bucket),
      keys: kmsAudienceKeys(clients.kms),
      // As if the key had been rotated between any two of them.
      keyId: process.random.fork('key').pick(stack.audienceKeys),
      lanes: props.scenario.lanes,
      batchSize: props.scenario.batchSize,
    })
  }
}

export interface ApiRequest {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly userArn: string
}

export interface ApiAnswer {
  readonly status: number
  readonly text: string
}

export function apiRoom(props: RoomProps): Boot<ApiRequest> {
  return process => {
    const { clients, clock, ...parts } = partsOf(props, process)
    const app = createApi({
      ...parts,
      clock,
      rates: dynamoGrantedRates(clients.tables, stack.noticesTable, SIMULATED_REGION),
      account: accountOf(props, clients),
      audienceObjects: s3AudienceObjects(clients.s3, stack.bucket),
      links: s3AudienceLinks(clients.s3, stack.bucket, clock),
      waker: lambdaDispatcherWaker(clients.lambda, stack.dispatcherFunction),
      senderIdentity: stack.sender,
      deliveryRetentionDays: 400,
      stack: {
        rateShare: props.scenario.share,
        lanes: props.scenario.lanes,
        senderConcurrency: props.scenario.senders,
        sandbox: false,
      },
    })
    return event => answer(app, event)
  }
}

async function answer(app: OpenAPIHono, { method, path, body, userArn }: ApiRequest): Promise<ApiAnswer> {
  const content =
    method === 'POST' ? { body: JSON.stringify(body ?? {}), headers: { 'content-type': 'application/json' } } : {}
  const environment = { event: { requestContext: { authorizer: { iam: { userArn } } } } }
  const response = await app.request(path, { method, ...content }, environment)
  return { status: response.status, text: await response.text() }
}
