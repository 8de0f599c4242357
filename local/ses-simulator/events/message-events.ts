import type { Faults } from '../faults.ts'
import type { SesSimulatorSettings } from '../options.ts'
import type { Mailbox } from '../request/mailbox.ts'
import type { SendEmailRequest } from '../request/send-email-request.ts'
import type { EventOutbox, OutgoingEvent } from './event-outbox.ts'
import { planEvents } from './planned-events.ts'
import { outcomeOf, type RecipientOutcome } from './recipient-outcome.ts'
import { eventJson, mailJson, type SesEventType } from './ses-event.ts'

export interface AcceptedMessage {
  readonly messageId: string
  readonly acceptedAtMs: number
  readonly request: SendEmailRequest
  readonly from: Mailbox
  readonly recipients: readonly Mailbox[]
}

export interface MessageEventsPorts {
  readonly settings: () => SesSimulatorSettings
  readonly suppressed: () => ReadonlySet<string>
  readonly faults: Faults
  readonly outbox: EventOutbox
  readonly wants: (configurationSet: string, eventType: SesEventType) => boolean
  readonly onLost: () => void
}

/** Schedules what SES will publish about an accepted message: nothing without a configuration set. */
export function scheduleEvents(message: AcceptedMessage, ports: MessageEventsPorts): void {
  const configurationSet = message.request.ConfigurationSetName
  if (configurationSet === undefined) return
  const { sendEventDelayMs, deliveryEventDelayMs, region } = ports.settings()
  const forced = forcedOutcome(ports.faults)
  const recipients = message.recipients.map(mailbox => ({
    address: mailbox.address,
    outcome: forced ?? outcomeOf(mailbox, ports.suppressed()),
  }))
  const plan = planEvents({ ...message, sendEventDelayMs, deliveryEventDelayMs, recipients })
  const wanted = plan.filter(({ eventType }) => ports.wants(configurationSet, eventType))
  if (wanted.length === 0) return
  const mail = mailJson({ ...message, recipients: recipients.map(({ address }) => address), region })
  for (const { eventType, atMs, detail } of wanted) {
    const event = { configurationSet, eventType, body: eventJson(eventType, mail, detail) }
    scheduleWithFaults(event, atMs - message.acceptedAtMs, ports)
  }
}

function forcedOutcome(faults: Faults): RecipientOutcome | undefined {
  const fault = faults.draw(['bounce', 'complaint', 'reject', 'delivery-delay'])
  switch (fault?.kind) {
    case undefined:
      return undefined
    case 'bounce':
      return 'bounced'
    case 'complaint':
      return 'complained'
    case 'reject':
      return 'rejected'
    case 'delivery-delay':
      return 'delayed'
  }
}

function scheduleWithFaults(
  event: OutgoingEvent,
  delayMs: number,
  { faults, outbox, onLost }: MessageEventsPorts,
): void {
  const fault = faults.draw(
    ['lose-event', 'duplicate-event', 'late-event'],
    ({ eventTypes }) => eventTypes === undefined || eventTypes.includes(event.eventType),
  )
  switch (fault?.kind) {
    case undefined:
      outbox.schedule(event, delayMs)
      break
    case 'lose-event':
      onLost()
      break
    case 'duplicate-event':
      outbox.schedule(event, delayMs)
      outbox.schedule({ ...event }, delayMs)
      break
    case 'late-event':
      outbox.schedule(event, delayMs + fault.lateMs)
      break
  }
}
