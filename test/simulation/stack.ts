import { sendersOfLanes } from '../../functions/pacer/concurrency.ts'
import { BATCHES_PER_CALL } from '../../functions/sender/concurrency.ts'
import type { ObjectCreated } from './aws/s3/simulated-s3.ts'
import { feed } from './event-source.ts'
import type { InvocationResult } from './history.ts'
import { createFunction, type LambdaFunction } from './lambda-function.ts'
import { createNetwork } from './network.ts'
import type { Plants } from './plants.ts'
import type { World } from './process.ts'
import { apiRoom, audienceRoom, dispatcherRoom, feedbackRoom, type RoomProps, senderRoom, stack } from './rooms.ts'
import type { Scenario } from './scenario.ts'
import { sesEvents } from './ses-events.ts'
import { type SimulatedAws, simulatedAws } from './simulated-aws.ts'

const MINUTE_MS = 60_000
/** From a bucket's event, or an asynchronous call, to the function. */
const EVENT_WAY_MS = [20, 800] as const
/** Lambda repeats a failed asynchronous call twice, after a minute and after two. */
const REPEATS_AFTER_MS = [60_000, 120_000]

/** The five functions, and what calls each, as the constructs of cdk/ wire them. */
export function deploy(world: World, scenario: Scenario, plants: Plants) {
  const { scheduler, faults } = world
  const random = world.random.fork('triggers')
  const way = () => random.acrossScales(...EVENT_WAY_MS)
  const publish = sesEvents(world, body => void aws.events.queue.send(body))
  const aws: SimulatedAws = simulatedAws(world, scenario, {
    onAccepted: publish,
    onInvoke: (_, event) => later(way(), () => dispatcher.invoke(event)),
    onObjectCreated: created => {
      if (created.key.startsWith('uploads/')) later(way(), () => index(created, REPEATS_AFTER_MS))
    },
  })
  const props: RoomProps = { world, scenario, plants, connect: createNetwork(world, aws.services) }

  const api = createFunction(world, { room: 'api', timeoutMs: 30_000, boot: apiRoom(props) })
  const audience = createFunction(world, { room: 'audience', timeoutMs: 900_000, boot: audienceRoom(props) })
  const dispatcher: LambdaFunction<unknown> = createFunction(world, {
    room: 'dispatcher',
    timeoutMs: 900_000,
    boot: dispatcherRoom(props),
  })
  const sender = createFunction(world, { room: 'sender', timeoutMs: scenario.senderTimeoutMs, boot: senderRoom(props) })
  const feedback = createFunction(world, { room: 'feedback', timeoutMs: 60_000, boot: feedbackRoom(props) })

  function later(delayMs: number, action: () => void): void {
    scheduler.after(delayMs, () => {
      action()
      return false
    })
  }

  function index(created: ObjectCreated, [repeatsAfterMs, ...repeats]: readonly number[]): void {
    const event = { source: 'aws.s3', 'detail-type': 'Object Created', detail: { object: { key: created.key } } }
    audience.invoke(event, ({ kind }: InvocationResult) => {
      if (kind !== 'returned' && repeatsAfterMs !== undefined) later(repeatsAfterMs, () => index(created, repeats))
    })
  }

  function everyMinute(): void {
    const times = faults.fires('minute-missed', 'the minute') ? 0 : faults.fires('minute-twice', 'the minute') ? 2 : 1
    for (let time = 0; time < times; time++) dispatcher.invoke({ source: 'aws.events' })
    later(MINUTE_MS, everyMinute)
  }

  later(random.between(0, MINUTE_MS), everyMinute)
  const ofSender = { target: sender, batchSize: BATCHES_PER_CALL, windowMs: 0 }
  feed(world, { ...aws.batches, ...ofSender, maxConcurrency: scenario.senders })
  const laneSenders = sendersOfLanes(Object.keys(scenario.lanes).length)
  if (laneSenders > 0) feed(world, { ...aws.laneBatches, ...ofSender, maxConcurrency: laneSenders })
  feed(world, { ...aws.events, target: feedback, batchSize: 100, windowMs: 1_000, maxConcurrency: 5 })
  const idle = () => aws.events.queue.messages().length === 0 && feedback.running() === 0
  return { aws, api, feedbackIsIdle: idle, senderIsIdle: () => sender.running() === 0, bucket: stack.bucket }
}
