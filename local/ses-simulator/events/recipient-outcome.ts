import type { Mailbox } from '../request/mailbox.ts'

/** What becomes of an accepted message to one recipient. */
export type RecipientOutcome =
  | 'delivered'
  | 'bounced'
  | 'complained'
  /** Delivered, then answered by an auto-responder, which SES reports as a transient bounce. */
  | 'out-of-office'
  | 'on-account-suppression-list'
  | 'on-global-suppression-list'
  /** SES itself finds a virus and does not send. */
  | 'rejected'
  /** Delivered at the second attempt. */
  | 'delayed'

const MAILBOX_SIMULATOR_DOMAIN = 'simulator.amazonses.com'

const mailboxSimulatorOutcomes: Readonly<Record<string, RecipientOutcome>> = {
  success: 'delivered',
  bounce: 'bounced',
  ooto: 'out-of-office',
  complaint: 'complained',
  suppressionlist: 'on-global-suppression-list',
}

/** Its addresses are bound by the send rate, but not by the daily quota. */
export function isMailboxSimulator({ domain }: Mailbox): boolean {
  return domain.toLowerCase() === MAILBOX_SIMULATOR_DOMAIN
}

/** The fate SES has for an address: `+label` makes no difference, and an unknown simulator mailbox does not exist. */
export function outcomeOf(mailbox: Mailbox, suppressed: ReadonlySet<string>): RecipientOutcome {
  const address = mailbox.address.toLowerCase()
  if (suppressed.has(address)) return 'on-account-suppression-list'
  if (!isMailboxSimulator(mailbox)) return 'delivered'
  const [name = ''] = address.split(/[+@]/, 1)
  return mailboxSimulatorOutcomes[name] ?? 'bounced'
}
