import { existsSync } from 'node:fs'

/** Both are put in by the build (`faulty-sender.ts`): what goes wrong, and the file whose appearance begins it. */
export const fault = FAULT
const signal = FAULT_SIGNAL

let hasBegun = false

/** Until the signal comes, a faulty sender is an honest one. */
export function begun() {
  hasBegun ||= existsSync(signal)
  return hasBegun
}
