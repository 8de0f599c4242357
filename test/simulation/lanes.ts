import type { Lanes } from '../../functions/pacer/lanes.ts'
import type { SeededRandom } from './seeded-random.ts'

/** No address that the notices themselves show ends so. */
export const RECIPIENT_DOMAIN = 'customers.example'

/** Where people have their mailboxes, and by which pattern a lane would be theirs. */
const providers = [
  { domain: 'slow.example', lane: 'slow.example' },
  { domain: 'post.example', lane: 'post.*' },
  { domain: 'post.test', lane: 'post.*' },
  { domain: 'a.mail.example', lane: '*.mail.example' },
] as const

/** None to three lanes with a ceiling, none so low that it would take the longest audience much more than a minute. */
export function drawLanes(random: SeededRandom, maxSendRate: number, mostPeople: number): Lanes {
  if (random.chance(0.7)) return {}
  const least = Math.max(1, mostPeople / 200)
  const lanes = [...new Set(Array.from({ length: random.integer(1, 3) }, () => random.pick(providers).lane))]
  return Object.fromEntries(
    lanes.map(lane => [lane, Number(random.acrossScales(least, Math.max(2 * least, maxSendRate)).toPrecision(2))]),
  )
}

/** Most have their mailbox elsewhere; without lanes all have. */
export function drawDomain(random: SeededRandom, lanes: Lanes): string {
  if (Object.keys(lanes).length === 0 || random.chance(0.6)) return RECIPIENT_DOMAIN
  return random.pick(providers).domain
}

/** The lane of an address; undefined in the main lane. */
export function laneOf(address: string, lanes: Lanes): string | undefined {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const lane = providers.find(provider => provider.domain === domain)?.lane
  return lane !== undefined && lanes[lane] !== undefined ? lane : undefined
}
