import { type SesEvent, sesEventBody } from './aws/ses/ses-events.ts'
import type { SesMessage } from './aws/ses/simulated-ses.ts'
import type { World } from './process.ts'
import type { SeededRandom } from './seeded-random.ts'

const WAY_MS = [30, 400] as const
const LATE_MS = [2_000, 300_000] as const
const OUT_OF_ORDER_MS = [10, 20_000] as const

/** Publishes what becomes of each accepted mail, each event on its own way to the queue: twice, late, or not at all. */
export function sesEvents(world: World, enqueue: (body: string) => void): (message: SesMessage) => void {
  const { scheduler, faults } = world
  const random = world.random.fork('ses-events')

  function publish(message: SesMessage, event: SesEvent): void {
    const about = `${event.type} of ${message.messageId}`
    if (faults.fires('event-missing', about)) return
    const happenedMs = 'atMs' in event ? event.atMs : message.acceptedAtMs
    const wayMs = () =>
      random.acrossScales(...WAY_MS) +
      (faults.fires('event-late', about) ? random.acrossScales(...LATE_MS) : 0) +
      (faults.fires('event-reorder', about) ? random.acrossScales(...OUT_OF_ORDER_MS) : 0)
    const arrive = () => {
      enqueue(sesEventBody(message, event))
      return false
    }
    scheduler.at(happenedMs + wayMs(), arrive)
    if (faults.fires('event-duplicate', about)) scheduler.at(happenedMs + wayMs(), arrive)
  }

  return message => {
    publish(message, { type: 'Send' })
    for (const event of fortunes(world, random, message)) publish(message, event)
  }
}

/** What becomes of a mail after SES took it. */
function fortunes(
  { faults }: World,
  random: SeededRandom,
  { messageId, acceptedAtMs }: SesMessage,
): readonly SesEvent[] {
  const soonMs = acceptedAtMs + random.acrossScales(100, 3_000)
  if (faults.fires('reject-event', messageId)) return [{ type: 'Reject' }]
  if (faults.fires('bounce-suppressed', messageId)) return [bounce('Permanent', 'OnAccountSuppressionList', soonMs)]
  if (faults.fires('bounce-permanent', messageId)) return [bounce('Permanent', 'NoEmail', soonMs)]
  const delayed: readonly SesEvent[] = faults.fires('delivery-delay', messageId)
    ? [{ type: 'DeliveryDelay', atMs: soonMs }]
    : []
  const laterMs = soonMs + 5_000 * delayed.length
  if (faults.fires('bounce-transient', messageId)) return [...delayed, bounce('Transient', 'MailboxFull', laterMs)]
  const complained: readonly SesEvent[] = faults.fires('complaint', messageId)
    ? [{ type: 'Complaint', atMs: laterMs + 2_000 }]
    : []
  return [...delayed, { type: 'Delivery', atMs: laterMs }, ...complained]
}

function bounce(bounceType: 'Permanent' | 'Transient', bounceSubType: string, atMs: number): SesEvent {
  return { type: 'Bounce', atMs, bounceType, bounceSubType }
}
