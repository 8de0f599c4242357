import { accountedFor } from './accounted-for.ts'
import { alone } from './alone.ts'
import { answers } from './answers.ts'
import { asApproved } from './as-approved.ts'
import { atTheLimit } from './at-the-limit.ts'
import { dailyQuota } from './daily-quota.ts'
import { ends } from './ends.ts'
import type { Checker, Evidence, Violation } from './evidence.ts'
import { handlers } from './handlers.ts'
import { laneCeilings } from './lane-ceilings.ts'
import { once } from './once.ts'
import { ownShare } from './own-share.ts'
import { isPrivate } from './private.ts'
import { stops } from './stops.ts'
import { toTheLimit } from './to-the-limit.ts'
import { urgentFirst } from './urgent-first.ts'

export const checkers: readonly Checker[] = [
  alone,
  accountedFor,
  answers,
  once,
  atTheLimit,
  toTheLimit,
  laneCeilings,
  urgentFirst,
  ownShare,
  dailyQuota,
  stops,
  asApproved,
  isPrivate,
  ends,
  handlers,
]

export function violationsIn(evidence: Evidence): readonly Violation[] {
  return checkers.flatMap(({ name, check }) => check(evidence).map(found => ({ checker: name, ...found })))
}
