import type { ReportAnswer } from '../cli/api-answers.ts'
import type { DeliveryAnswer } from '../cli/delivery-answers.ts'
import { count } from '../cli/figures.ts'
import type { AudienceMix, SimulatorMailbox } from './simulator-audience.ts'
import { simulatorMailboxes } from './simulator-audience.ts'
import { of, type Verdict } from './verdict.ts'

/** What OnlyTo says became of one recipient of the simulator. */
export interface SimulatedDelivery extends Pick<DeliveryAnswer, 'fate' | 'reached' | 'sentAgain'> {
  readonly mailbox: SimulatorMailbox
}

type Ending = Pick<SimulatedDelivery, 'fate' | 'reached'>

/** What the mailbox simulator promises (docs.aws.amazon.com/ses/latest/DeveloperGuide/mailbox-simulator.html), in OnlyTo's words. */
const promised: Readonly<Record<SimulatorMailbox, { readonly means: string; holds(ending: Ending): boolean }>> = {
  success: {
    means: 'accepted and delivered',
    holds: ({ fate, reached }) => fate === 'accepted' && reached === 'delivered',
  },
  bounce: {
    means: 'accepted and bounced',
    holds: ({ fate, reached }) => fate === 'accepted' && reached === 'bounced',
  },
  complaint: {
    means: 'accepted and complained about',
    holds: ({ fate, reached }) => fate === 'accepted' && reached === 'complained',
  },
  // A hard bounce in SES's words, which it calls suppressed or not by the list that it has in mind.
  suppressionlist: {
    means: 'suppressed, or bounced',
    holds: ({ fate, reached }) => fate === 'suppressed' || (fate === 'accepted' && reached === 'bounced'),
  },
}

/** Whether everybody met the fate that the simulator has for them: nothing more is to be waited for. */
export function asPromised(deliveries: readonly SimulatedDelivery[]): boolean {
  return deliveries.every(delivery => promised[delivery.mailbox].holds(delivery))
}

/** Each recipient's fate by itself, then the report against the sum of them. */
export function judgeFates(
  mix: AudienceMix,
  deliveries: readonly SimulatedDelivery[],
  report: ReportAnswer,
): readonly Verdict[] {
  const byMailbox = simulatorMailboxes.map(mailbox => {
    const own = deliveries.filter(delivery => delivery.mailbox === mailbox)
    const kept = own.filter(promised[mailbox].holds)
    return {
      what: `${mailbox}: ${promised[mailbox].means}`,
      figure: describe(kept.length, own),
      bound: count(mix[mailbox]),
      holds: own.length === mix[mailbox] && kept.length === own.length,
    }
  })
  return of('feedback', [...byMailbox, ...againstReport(deliveries, report), sentTwice(deliveries)])
}

/** How many, and what became of the others. */
function describe(kept: number, own: readonly SimulatedDelivery[]): string {
  if (kept === own.length) return count(kept)
  const others = Map.groupBy(
    own.filter(delivery => !promised[delivery.mailbox].holds(delivery)),
    ({ fate, reached }) => (reached === undefined ? fate : `${fate}, ${reached}`),
  )
  return `${count(kept)} (${[...others].map(([ending, found]) => `${ending}: ${count(found.length)}`).join('; ')})`
}

function againstReport(deliveries: readonly SimulatedDelivery[], report: ReportAnswer) {
  const counted = (holds: (delivery: SimulatedDelivery) => boolean) => deliveries.filter(holds).length
  const pairs = [
    ['accepted', report.accepted, counted(({ fate }) => fate === 'accepted')],
    ['suppressed', report.suppressed, counted(({ fate }) => fate === 'suppressed')],
    ['bounced', report.bounced, counted(({ reached, fate }) => fate === 'accepted' && reached === 'bounced')],
    ['complained', report.complained, counted(({ reached }) => reached === 'complained')],
  ] as const
  return pairs.map(([name, reported, listed]) => ({
    what: `report: ${name}`,
    figure: count(reported),
    bound: `${count(listed)}, as listed by recipient`,
    holds: reported === listed,
  }))
}

function sentTwice(deliveries: readonly SimulatedDelivery[]) {
  const again = deliveries.filter(({ sentAgain }) => sentAgain).length
  return { what: 'sent to again', figure: count(again), bound: '0', holds: again === 0 }
}
