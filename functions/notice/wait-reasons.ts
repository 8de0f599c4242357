import type { WaitReason } from './notice.ts'

/** What people are told of a notice that waits although nothing is wrong, as data. */
interface WaitDescription {
  /** In a list: "waits for …". */
  readonly short: string
  /** For what, and how it goes on. */
  readonly says: string
}

export const waitDescriptions = {
  'urgent-notice': {
    short: 'an urgent notice',
    says: 'An urgent notice goes first. This one goes on by itself when that one has gone out or is stopped.',
  },
  'daily-quota': {
    short: 'the 24-hour quota',
    says: "What notices may use of the account's 24-hour quota of SES is used up. This one goes on by itself as room comes.",
  },
} as const satisfies Record<WaitReason, WaitDescription>
