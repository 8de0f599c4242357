import type { StatusAnswer } from './api-answers.ts'
import { count, duration, instant, perSecond } from './figures.ts'
import { writeLeak } from './leak-text.ts'
import { entry, writeCounts, writeHeading } from './notice-text.ts'
import { writePace, writePart } from './pace-text.ts'
import type { Paint } from './terminal.ts'

/** Where a notice stands, and what keeps it if anything does. */
export function writeStatus(status: StatusAnswer, paint: Paint): string {
  const { batches, ratePerSecond, limitPerSecond } = status
  const limit = limitPerSecond === undefined ? '' : `, limit ${perSecond(limitPerSecond)}`
  const pace = writePace(status)
  const figures = [
    entry('Batches', `${count(batches.done)} of ${count(batches.planned)} done`),
    entry('Speed', `${perSecond(ratePerSecond)} since the start${limit}${writePart(status)}`),
    ...(pace === '' ? [] : [entry('Pace', pace)]),
    ...writeProspect(status),
  ]
  return [
    writeHeading(status, paint),
    ...(status.leak === undefined ? [] : [paint('red', writeLeak(status.leak))]),
    writeCounts(status, paint),
    figures.join('\n'),
  ].join('\n\n')
}

/** What is to be expected; of a notice that waits or stands still, no end is. */
function writeProspect({ state, secondsLeft, stall, waits }: StatusAnswer): string[] {
  if (stall !== undefined)
    return [entry('No progress', `since ${instant(stall.since)}. ${stall.wrong} ${stall.remedy}`)]
  if (waits !== undefined) return [entry('Waits', `since ${instant(waits.since)}. ${waits.says}`)]
  if (state !== 'sending' || secondsLeft === undefined) return []
  return [entry('Left', `about ${duration(secondsLeft)}`)]
}
