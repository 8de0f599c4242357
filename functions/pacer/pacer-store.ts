/**
 * The pacer item of one SES region and lane. Times are whole microseconds. Intervals have fractions, for a whole microsecond is
 * 1 % of an interval at 10,000/s; nothing compares them, as a pace is known by its revision.
 */
export interface PacerState {
  /** Theoretical arrival time: every slot before it is taken. */
  readonly tatUs: number
  /** Goes up with each change of what follows; what follows is the pace. */
  readonly revision: number
  /** The tat when the pace last changed: slots before it may be of another pace. */
  readonly pacedFromUs: number
  /** Emission interval of the granted rate, MaxSendRate x share. */
  readonly baseIntervalUs: number
  /** Slots before `formerUntilUs` keep the interval of the rate granted before, while that rate's rest is another pacer's. */
  readonly formerIntervalUs: number
  readonly formerUntilUs: number
  /** When SES last throttled so that the pace changed; 0 if never. */
  readonly throttledAtUs: number
  /** Slots from `slowedFromUs` on begin with this interval, and have the granted one back after `recoveryUs`. */
  readonly slowedIntervalUs: number
  readonly slowedFromUs: number
  readonly recoveryUs: number
}

/** Every write holds only if what it was decided on still is so. */
export interface PacerStore {
  read(): Promise<PacerState | undefined>
  /** tat += advanceUs, if tat >= nowUs and the pace is of that revision: the branch of a busy pacer. Undefined when it is not. */
  extend(advanceUs: number, revision: number, nowUs: number): Promise<PacerState | undefined>
  /** Replaces `before` (`undefined`: absent) by `after`. False when the item has changed since. */
  replace(before: PacerState | undefined, after: PacerState): Promise<boolean>
  /** Gives the item the pace of `after`, from its tat on, wherever others have moved that. Undefined when the pace has changed. */
  repace(before: PacerState, after: PacerState): Promise<PacerState | undefined>
}
