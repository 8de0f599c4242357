import { meteredPacer } from '../../functions/sender/lane-pacers.ts'
import { createSenderHandler } from '../../functions/sender/receive-batches.ts'
import type { SesAnswer } from '../../functions/ses/mailer.ts'
import type { MetricSample } from '../../local/runtime/alarm-samples.ts'
import { sqsEvent } from '../feedback/events.ts'
import { people, senderWorld, type WorldOptions } from '../sender/sender-world.ts'
import { hearMetrics } from './hear-metrics.ts'

const context = { getRemainingTimeInMillis: () => 300_000 }

export type Trouble = () => Promise<{ readonly samples: readonly MetricSample[]; readonly untilMs: number }>

/** The sender as Lambda calls it, over stores in memory, again and again for whatever comes back to its queue, at most so many times. */
export function sending(options: WorldOptions & { readonly calls?: number; readonly pacerFails?: true }): Trouble {
  return async () => {
    const world = await senderWorld(options)
    const { clock, noticeId } = world
    const heard = hearMetrics(clock)
    const metrics = heard.metricsOf('sender')
    const unreachable = async () => {
      throw new Error('The table cannot be reached')
    }
    const { pacerOf } = world.ports
    const handle = createSenderHandler({
      ...world.ports,
      metrics,
      ...(options.pacerFails && {
        pacerOf: lane => meteredPacer({ ...pacerOf(lane), reserve: unreachable }, metrics),
      }),
    })
    let pointers = Array.from({ length: world.batches }, (_, batch) => ({ noticeId, run: 1, batch, delaySeconds: 0 }))
    for (let call = 0; call < (options.calls ?? 1) && pointers.length > 0; call++) {
      const delaySeconds = Math.min(...pointers.map(pointer => pointer.delaySeconds))
      await clock.drive(clock.sleep(1 + delaySeconds * 1000))
      const bodies = pointers.slice(0, 10).map(({ delaySeconds: _, ...pointer }) => JSON.stringify(pointer))
      await clock.drive(handle(sqsEvent(bodies), context))
      pointers = [
        ...pointers.slice(10),
        ...world.queue.drain().map(sent => ({ ...sent, delaySeconds: sent.delaySeconds })),
      ]
    }
    return { samples: heard.samples, untilMs: clock.now() }
  }
}

const answering = (answer: SesAnswer) => () => answer
const unreachableKeys = {
  secretOf: async () => {
    throw new Error('KMS cannot be reached')
  },
}

/** What happens to a sender when each of its alarms goes off. */
export const senderTroubles = {
  LeakGuardRejection: sending({
    answer: (_, index) =>
      index === 20
        ? { kind: 'refused-by-guard', rule: 'foreign-address', field: 'html', excerpt: '*@*.*' }
        : { kind: 'accepted', messageId: `m-${index}` },
  }),
  NoticeStoppedByItself: sending({ answer: answering({ kind: 'stop-notice', reason: 'MessageRejected' }) }),
  ManyInDoubt: sending({ recipients: people(600), answer: answering({ kind: 'in-doubt', reason: 'time-out' }) }),
  Throttles: sending({
    recipients: people(900),
    ratePerSecond: 1,
    calls: 12,
    answer: (_, index) =>
      index % 6 === 0
        ? { kind: 'throttled', reason: 'TooManyRequests' }
        : { kind: 'accepted', messageId: `m-${index}` },
  }),
  BatchFailures: sending({ recipients: people(600), keys: unreachableKeys }),
  PacerUnreachable: sending({ pacerFails: true }),
} satisfies Record<string, Trouble>
