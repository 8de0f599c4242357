import { waitDescriptions } from '../functions/notice/wait-reasons.ts'
import type { PaceAnswer } from './api-answers.ts'
import { chosenPercent, counted, perSecond } from './figures.ts'

/** In a few words, what else has a part in how fast a notice goes; empty when nothing has. */
export function writeSharing({ feed, waits }: PaceAnswer): string {
  if (waits !== undefined) return `waits for ${waitDescriptions[waits.for].short}`
  if (feed === undefined || feed.sharedWith === 0) return ''
  return `shares the rate with ${counted(feed.sharedWith, 'other')}`
}

/** The part of the rate that a notice gets, where that is not all of it. */
export function writePart({ feed, waits }: PaceAnswer): string {
  if (feed === undefined || feed.sharedWith === 0 || waits !== undefined) return ''
  return `; gets ${perSecond(feed.ratePerSecond)}, shared with ${counted(feed.sharedWith, 'other notice')}`
}

/** What was chosen at the start; empty for the usual pace. */
export function writePace({ pace }: PaceAnswer): string {
  const { share, urgent = false, overDays = false } = pace ?? {}
  const chosen = [
    ...(urgent ? ['urgent'] : []),
    ...(share === undefined ? [] : [`at most ${chosenPercent(share)} of the account's rate and quota`]),
    ...(overDays ? ['over days where the quota is too small'] : []),
  ]
  return chosen.join(', ')
}
