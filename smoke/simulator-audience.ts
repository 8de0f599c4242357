/** What SES's mailbox simulator does with a message, by the name of the mailbox. */
export const simulatorMailboxes = ['success', 'bounce', 'complaint', 'suppressionlist'] as const
export type SimulatorMailbox = (typeof simulatorMailboxes)[number]

const SIMULATOR_ADDRESS =
  /^(success|bounce|complaint|suppressionlist)\+[a-z0-9]+(?:-[a-z0-9]+)*@simulator\.amazonses\.com$/
const LONGEST_ADDRESS = 64

/**
 * An address of the mailbox simulator, with a label. There is no other way to make one than from a text that is such an
 * address to the letter, so whatever takes it cannot be given anybody else's.
 */
export class SimulatorAddress {
  readonly #text: string
  readonly mailbox: SimulatorMailbox

  private constructor(text: string, mailbox: SimulatorMailbox) {
    this.#text = text
    this.mailbox = mailbox
  }

  /** Undefined for everything that is not an address of the simulator. */
  static from(text: string): SimulatorAddress | undefined {
    const name = text.length > LONGEST_ADDRESS ? undefined : SIMULATOR_ADDRESS.exec(text)?.[1]
    const mailbox = simulatorMailboxes.find(known => known === name)
    return mailbox === undefined ? undefined : new SimulatorAddress(text, mailbox)
  }

  toString(): string {
    return this.#text
  }
}

/** How many go to each mailbox. */
export type AudienceMix = Readonly<Record<SimulatorMailbox, number>>

const OTHERS_SHARE = 1 / 50
const OTHERS_MOST = 20
/** One of each kind. */
export const LEAST_RECIPIENTS = simulatorMailboxes.length

/** Some of each kind of trouble, and all others a success. */
export function mixOf(recipients: number): AudienceMix {
  const each = Math.min(OTHERS_MOST, Math.max(1, Math.floor(recipients * OTHERS_SHARE)))
  return { success: recipients - 3 * each, bounce: each, complaint: each, suppressionlist: each }
}

/** Only successes: for a notice that is about something else. */
export const successes = (recipients: number): AudienceMix => ({
  success: recipients,
  bounce: 0,
  complaint: 0,
  suppressionlist: 0,
})

/** Addresses that no run before had: the label holds the run's, so that no list of an account knows them. */
export function makeAudience(mix: AudienceMix, label: string): readonly SimulatorAddress[] {
  return simulatorMailboxes.flatMap(mailbox =>
    Array.from({ length: mix[mailbox] }, (_, index) => {
      const address = SimulatorAddress.from(`${mailbox}+${label}-${index + 1}@simulator.amazonses.com`)
      if (address === undefined) throw new TypeError(`"${label}" makes no address of the mailbox simulator`)
      return address
    }),
  )
}

export function writeAudienceFile(addresses: readonly SimulatorAddress[]): string {
  return ['email,locale,first_name', ...addresses.map(address => `${address},en,${address.mailbox}`), ''].join('\n')
}

/** How many of these are no address of the simulator, none where all are. */
export function strangers(addresses: Iterable<string>): number {
  let found = 0
  for (const address of addresses) if (SimulatorAddress.from(address) === undefined) found += 1
  return found
}
