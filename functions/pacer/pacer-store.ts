/** The pacer item of one SES region. Times and intervals in whole microseconds, which DynamoDB's numbers hold exactly. */
export interface PacerState {
  /** Theoretical arrival time: every slot before it is taken. */
  readonly tatUs: number
  /** Emission interval in force: the base interval, or more while SES throttles. */
  readonly intervalUs: number
  /** Emission interval of the granted rate, MaxSendRate x share. */
  readonly baseIntervalUs: number
  /** When SES last throttled; 0 if never. */
  readonly throttledAtUs: number
}

/** A write that holds only if the item still is as it was read (`undefined`: absent). */
export interface PacerStore {
  read(): Promise<PacerState | undefined>
  /** tat += advanceUs, if tat >= nowUs and the interval is as given: the branch of a busy pacer. Undefined when it is not. */
  extend(advanceUs: number, intervalUs: number, nowUs: number): Promise<PacerState | undefined>
  /** Replaces `before` by `after`. False when the item has changed since. */
  replace(before: PacerState | undefined, after: PacerState): Promise<boolean>
}
