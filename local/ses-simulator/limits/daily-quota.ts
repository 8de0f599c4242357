const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/**
 * Recipients of the last 24 hours, rolling, counted by the minute: a minute leaves the count 24 hours after its end, so
 * that no 24 hours ever see more than the quota.
 */
export class DailyQuota {
  /** Oldest first. */
  readonly #minutes: { minute: number; recipients: number }[] = []
  #sent = 0

  /** `sentBefore` counts as sent now. */
  constructor(sentBefore: number, nowMs: number) {
    this.take(nowMs, sentBefore)
  }

  sentLast24Hours(nowMs: number): number {
    let oldest = this.#minutes[0]
    while (oldest !== undefined && (oldest.minute + 1) * MINUTE_MS + DAY_MS <= nowMs) {
      this.#sent -= oldest.recipients
      this.#minutes.shift()
      oldest = this.#minutes[0]
    }
    return this.#sent
  }

  /** Whether so many recipients more fit under the quota; -1 is unlimited. */
  hasRoom(nowMs: number, recipients: number, max24HourSend: number): boolean {
    return max24HourSend === -1 || this.sentLast24Hours(nowMs) + recipients <= max24HourSend
  }

  take(nowMs: number, recipients: number): void {
    if (recipients === 0) return
    const minute = Math.floor(nowMs / MINUTE_MS)
    const newest = this.#minutes.at(-1)
    if (newest !== undefined && newest.minute >= minute) newest.recipients += recipients
    else this.#minutes.push({ minute, recipients })
    this.#sent += recipients
  }
}
