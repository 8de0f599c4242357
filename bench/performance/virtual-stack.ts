import type { SQSEvent } from 'aws-lambda'
import { sendersOfLanes } from '../../functions/pacer/concurrency.ts'
import { BATCHES_PER_CALL } from '../../functions/sender/concurrency.ts'
import type { ObjectCreated } from '../../test/simulation/aws/s3/simulated-s3.ts'
import { feed } from '../../test/simulation/event-source.ts'
import { createFunction, type Handler, type LambdaFunction } from '../../test/simulation/lambda-function.ts'
import type { Process, World } from '../../test/simulation/process.ts'
import {
  apiRoom,
  audienceRoom,
  dispatcherRoom,
  feedbackRoom,
  type RoomProps,
  senderRoom,
} from '../../test/simulation/rooms.ts'
import type { Scenario } from '../../test/simulation/scenario.ts'
import { countUse } from '../cost/metered-services.ts'
import type { SenderTimes } from './sender-times.ts'
import type { SesLimit } from './ses-limit.ts'
import { startingSlowly } from './slow-start.ts'
import { type VirtualAwsProps, virtualAws } from './virtual-aws.ts'
import { virtualNetwork } from './virtual-network.ts'

export interface VirtualStackProps {
  readonly scenario: Scenario
  readonly limit: SesLimit
  readonly laneOf: (address: string) => string | undefined
  readonly times: SenderTimes
  readonly onAccepted: (count: number) => void
  readonly events: VirtualAwsProps['events']
  readonly usage: VirtualAwsProps['usage']
  /** How long an invocation of a sender lives that is to be killed, unless it ends before; undefined for the others. */
  readonly livesMs: (batches: number) => number | undefined
  readonly onKilled: () => void
}

const MINUTE_MS = 60_000
/** Events wait for a second, or until there are as many as this. */
const EVENTS_PER_CALL = 100
/** From a bucket's event, or an asynchronous call, to the function. */
const EVENT_WAY_MS = [20, 200] as const

/** The five functions with what calls each of them, wired as in the simulator of faults, over a network without any. */
export function deployVirtually(world: World, props: VirtualStackProps) {
  const { scheduler } = world
  const random = world.random.fork('triggers')
  const { scenario, limit, laneOf, times, onAccepted, events, usage } = props
  const aws = virtualAws(world, {
    limit,
    laneOf,
    onAccepted,
    events,
    usage,
    onInvoke: event => later(random.acrossScales(...EVENT_WAY_MS), () => dispatcher.invoke(event)),
    onObjectCreated: created => {
      if (created.key.startsWith('uploads/')) later(random.acrossScales(...EVENT_WAY_MS), () => index(created))
    },
  })
  const rooms: RoomProps = { world, scenario, plants: {}, connect: virtualNetwork(world, aws.services, times) }
  const api = createFunction(world, { room: 'api', timeoutMs: 30_000, boot: billed('api', apiRoom(rooms)) })
  const audience = createFunction(world, {
    room: 'audience',
    timeoutMs: 900_000,
    boot: billed('audience', audienceRoom(rooms)),
  })
  const boot = { room: 'dispatcher', timeoutMs: 900_000, boot: billed('dispatcher', dispatcherRoom(rooms)) }
  const dispatcher: LambdaFunction<unknown> = createFunction(world, boot)
  const sender = createFunction(world, {
    room: 'sender',
    timeoutMs: scenario.senderTimeoutMs,
    boot: billed('sender', timedSender(world, props, senderRoom(rooms))),
  })
  const feedback = createFunction(world, {
    room: 'feedback',
    timeoutMs: 60_000,
    boot: billed('feedback', feedbackRoom(rooms)),
  })

  const running = new Set<{ readonly room: string; readonly beganAtMs: number }>()

  function bill(call: { readonly room: string; readonly beganAtMs: number }): void {
    running.delete(call)
    if (usage !== undefined) countUse(usage, `function ${call.room}`, scheduler.now() - call.beganAtMs)
  }

  /** What Lambda bills of a room, in milliseconds, where that is counted. */
  function billed<Event>(room: string, boot: (process: Process) => Handler<Event>) {
    return (process: Process): Handler<Event> => {
      const handle = boot(process)
      return async (event, context) => {
        const call = { room, beganAtMs: scheduler.now() }
        running.add(call)
        try {
          return await handle(event, context)
        } finally {
          bill(call)
        }
      }
    }
  }

  function later(delayMs: number, action: () => void): void {
    scheduler.after(delayMs, () => {
      action()
      return false
    })
  }

  function index({ key }: ObjectCreated): void {
    audience.invoke({ source: 'aws.s3', 'detail-type': 'Object Created', detail: { object: { key } } })
  }

  function everyMinute(): void {
    dispatcher.invoke({ source: 'aws.events' })
    later(MINUTE_MS, everyMinute)
  }

  later(random.between(0, MINUTE_MS), everyMinute)
  const target = startingSlowly(sender, scheduler)
  const ofSender = { batchSize: BATCHES_PER_CALL, windowMs: 0 }
  feed(world, { ...aws.batches, ...ofSender, target, maxConcurrency: scenario.senders })
  const laneSenders = sendersOfLanes(Object.keys(scenario.lanes).length)
  if (laneSenders > 0) feed(world, { ...aws.laneBatches, ...ofSender, target: sender, maxConcurrency: laneSenders })
  const windowMs = Math.min(1_000, (EVENTS_PER_CALL * 1_000) / limit.ratePerSecond())
  feed(world, { ...aws.events, target: feedback, batchSize: EVENTS_PER_CALL, windowMs, maxConcurrency: 5 })
  /** Calls that are still under way are billed until now. */
  const endBilling = () => running.forEach(bill)
  return { aws, api, endBilling }
}

/** Senders whose time is counted, and of which some die in the middle of their work. */
function timedSender(
  { scheduler }: World,
  { times, livesMs, onKilled }: VirtualStackProps,
  boot: (process: Process) => Handler<SQSEvent>,
) {
  return (process: Process): Handler<SQSEvent> => {
    const handle = boot(process)
    return async (event, context) => {
      times.begin(process)
      let ended = false
      const diesAfterMs = livesMs(event.Records.length)
      if (diesAfterMs !== undefined) {
        scheduler.after(diesAfterMs, () => {
          if (ended || !process.alive()) return false
          onKilled()
          times.end(process)
          process.die('killed')
          return undefined
        })
      }
      try {
        return await handle(event, context)
      } finally {
        ended = true
        times.end(process)
      }
    }
  }
}
