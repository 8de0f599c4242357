import { Defect } from '../runtime/defect.ts'

/** Far beyond what time services leave, and beyond what a computer that is too busy to read an answer makes of one. */
const CLOCK_OFF_MS = 30_000

/**
 * A sender whose clock is ahead by hours would take slots hours ahead, and every other sender would wait for those that follow.
 * The time cannot be taken back once that is written: whether slots in between are in somebody's hands, and by which clock, the
 * item does not tell, and to give them out again might exceed the rate. So such a sender takes none. Its offset is the
 * SDK's own measure against the Date of each answer; `look` gets a new answer, for a frozen process measures an old one.
 */
export async function refuseWrongClock(offsetMs: () => number, look: () => Promise<unknown>): Promise<void> {
  if (Math.abs(offsetMs()) <= CLOCK_OFF_MS) return
  await look()
  const off = Math.round(offsetMs() / 1000)
  if (Math.abs(offsetMs()) > CLOCK_OFF_MS)
    throw new Defect('clock-off', `This computer's clock is ${off} s off DynamoDB's`)
}
