import { foreignTraffic, maxSendRateAt } from './account-life.ts'
import { simulatedDynamoDb } from './aws/dynamodb/simulated-dynamodb.ts'
import { STALE_MS_MAX } from './aws/dynamodb/table-state.ts'
import { simulatedKms } from './aws/kms/simulated-kms.ts'
import { simulatedLambda } from './aws/lambda/simulated-lambda.ts'
import { type ObjectCreated, simulatedS3 } from './aws/s3/simulated-s3.ts'
import { type SesMessage, simulatedSes } from './aws/ses/simulated-ses.ts'
import { SIMULATED_REGION } from './aws/simulated-clients.ts'
import { type QueueHooks, simulatedQueue } from './aws/sqs/simulated-queue.ts'
import { simulatedSqs } from './aws/sqs/simulated-sqs.ts'
import type { Faults } from './faults.ts'
import type { World } from './process.ts'
import { stack } from './rooms.ts'
import type { Scenario } from './scenario.ts'

/** What the services do beyond answering. */
export interface AwsListeners {
  readonly onObjectCreated: (created: ObjectCreated) => void
  readonly onInvoke: (functionName: string, event: unknown) => void
  readonly onAccepted: (message: SesMessage) => void
}

const MESSAGE_DELAY_MS = [1_000, 120_000] as const
/** As the constructs of the stack have it: six times the function's limit, and five tries. */
const VISIBILITY_MS = { batches: 6 * 300_000, lanes: 6 * 300_000, events: 6 * 60_000 + 1_000 } as const
const TRIES = 5

export type SimulatedAws = ReturnType<typeof simulatedAws>

/** The account in which the stack is deployed, disturbed as the seed wants it. */
export function simulatedAws(world: World, scenario: Scenario, listeners: AwsListeners) {
  const { scheduler, faults } = world
  const clock = { now: scheduler.now }
  const random = world.random.fork('aws')

  function room(name: keyof typeof VISIBILITY_MS) {
    const visibility = VISIBILITY_MS[name]
    const waiting: ((atMs: number) => void)[] = []
    const deadLetters = simulatedQueue({ name: `${name}-dead`, visibilityTimeoutMs: visibility }, clock, random)
    const hooks: Partial<QueueHooks> = {
      copies: ({ messageId }) => copiesOf(faults, messageId),
      onVisible: atMs => {
        for (const tell of waiting) tell(atMs)
      },
    }
    const settings = { name, visibilityTimeoutMs: visibility, maxReceiveCount: TRIES, deadLetters }
    return { queue: simulatedQueue(settings, clock, random, hooks), deadLetters, onVisible: waiting }
  }

  const batches = room('batches')
  const laneBatches = room('lanes')
  const events = room('events')
  const tables = simulatedDynamoDb(
    clock,
    [
      { tableName: stack.noticesTable, indexes: [{ indexName: 'byState', hash: 'state', range: 'createdAtMs' }] },
      { tableName: stack.deliveriesTable, indexes: [] },
    ],
    {
      staleMs: ({ sk }) => (faults.fires('dynamodb-stale-index', sk) ? random.acrossScales(50, STALE_MS_MAX) : 0),
      unprocessed: ({ sk }) => faults.fires('dynamodb-unprocessed', sk),
      pageItems: () =>
        faults.fires('dynamodb-small-page', 'a query') ? random.integer(1, 5) : Number.POSITIVE_INFINITY,
    },
  )
  const objects = simulatedS3(clock, listeners.onObjectCreated)
  let bornAtMs: number | undefined
  const lifeMs = (atMs: number) => (bornAtMs === undefined ? 0 : atMs - bornAtMs)
  const rateAt = (ms: number) => maxSendRateAt(scenario, ms)
  const others = foreignTraffic(world.random.fork('foreign-traffic'), scenario.account.foreign, rateAt)
  const account = {
    bucketDepthSeconds: 0.1,
    max24HourSend: scenario.account.quota?.max24HourSend ?? -1,
    ...(scenario.account.quota && { sentBefore: scenario.account.quota.before }),
    sendingEnabled: true,
    region: SIMULATED_REGION,
    identities: [stack.sender],
    configurationSets: [stack.configurationSet],
  }
  const ses = simulatedSes(clock, () => ({ ...account, maxSendRate: rateAt(lifeMs(clock.now())) }), {
    onAccepted: listeners.onAccepted,
    foreign: atMs => {
      bornAtMs ??= atMs
      const born = bornAtMs
      return faults.ended() ? [] : others.until(atMs - born).map(ms => born + ms)
    },
  })
  const sqs = simulatedSqs([batches.queue, laneBatches.queue], {
    failsEntry: ({ body }) => faults.fires('sqs-partial-failure', body),
  })
  return {
    batches,
    laneBatches,
    events,
    tables,
    objects,
    ses,
    services: {
      dynamodb: tables.service,
      s3: objects.service,
      ses: ses.service,
      sqs,
      lambda: simulatedLambda(listeners.onInvoke),
      kms: simulatedKms(stack.audienceKeys),
    },
  }
}

function copiesOf(faults: Faults, messageId: string): readonly number[] {
  if (faults.fires('sqs-lost-message', messageId)) return []
  const delayMs = () => (faults.fires('sqs-delay', messageId) ? faults.random.acrossScales(...MESSAGE_DELAY_MS) : 0)
  return faults.fires('sqs-duplicate', messageId) ? [delayMs(), delayMs()] : [delayMs()]
}
