import type { SendQuota } from './account.ts'

/**
 * How many recipients may still be sent to now, of the part of the account's 24-hour quota that the share leaves to notices.
 * Undefined when the quota is unlimited. What other systems sent counts too: they may take what is theirs and more.
 */
export function quotaRoom({ max24HourSend, sentLast24Hours }: SendQuota, share: number): number | undefined {
  if (max24HourSend === undefined) return undefined
  return Math.max(0, Math.floor(share * max24HourSend - sentLast24Hours))
}
