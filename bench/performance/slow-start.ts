import type { LambdaFunction } from '../../test/simulation/lambda-function.ts'
import type { Scheduler } from '../../test/simulation/scheduler.ts'

/**
 * Lambda calls five functions at once from a queue, and 300 more each minute. Source: Lambda Developer Guide, scaling
 * behaviour of an SQS event source in standard mode.
 */
const CALLED_AT_ONCE = 5
const MORE_PER_SECOND = 5

/** When the call of that number may begin beside the others, in milliseconds after the first. */
export function mayBeginAfterMs(number: number): number {
  return number < CALLED_AT_ONCE ? 0 : ((number + 1 - CALLED_AT_ONCE) / MORE_PER_SECOND) * 1000
}

/** A function behind a queue that has been empty: only a few of it run at first. */
export function startingSlowly<Event>(target: LambdaFunction<Event>, scheduler: Scheduler): LambdaFunction<Event> {
  let firstMs: number | undefined
  let beginning = 0
  return {
    running: target.running,
    invoke: (event, onEnd) => {
      firstMs ??= scheduler.now()
      const beginsMs = firstMs + mayBeginAfterMs(target.running() + beginning)
      if (beginsMs <= scheduler.now()) return target.invoke(event, onEnd)
      beginning++
      scheduler.at(beginsMs, () => {
        beginning--
        target.invoke(event, onEnd)
        return false
      })
    },
  }
}
