/**
 * Why a notice that is being sent makes no progress, as data: the dispatcher's diagnosis, the metric's dimension, the alarms and
 * what people read come from here.
 */
interface StallDescription {
  /** What is wrong. */
  readonly wrong: string
  /** What becomes of the notice meanwhile. */
  readonly effect: string
  /** What to do. */
  readonly remedy: string
}

export const stallReasons = {
  'table-trouble': {
    wrong: 'The dispatcher can neither read nor write what it needs: the tables or the batch queue fail.',
    effect: 'Lost batches are not queued again and nobody knows how far the notice is; senders stop without the table.',
    remedy: 'Read the errors in the log of the dispatcher function; look for throttling, a quota or a changed right.',
  },
  'sending-disabled': {
    wrong: 'SES has disabled sending for this account in this region.',
    effect: 'No message is accepted until SES allows it again.',
    remedy:
      'Stop the notice, read the account dashboard of SES and its mails to you, and resume when sending is enabled.',
  },
  'quota-used-up': {
    wrong: "The account's 24-hour quota of SES, or what notices may use of it, is used up.",
    effect:
      'Batches wait and are tried again each minute; they go on by themselves as the oldest hours fall out of the quota.',
    remedy: 'Wait, or ask SES for a higher daily quota. Stop the notice if it must not go out later.',
  },
  'no-rate': {
    wrong: 'No sending rate has been granted: GetAccount of SES fails, or says zero.',
    effect: 'Nothing is queued and no sender gets a slot.',
    remedy: 'Read the errors in the log of the dispatcher function; it needs the right to call ses:GetAccount.',
  },
  'slots-far-ahead': {
    wrong: 'The next free slot to call SES is more than a minute away.',
    effect: 'Senders wait for their slots without sending.',
    remedy:
      'Look for a sender whose clock is ahead, or for far more senders than the rate needs (senderConcurrency). It passes when that time has come.',
  },
  throttled: {
    wrong: 'SES throttles every call.',
    effect: 'The pace has been lowered step by step and still nothing is accepted.',
    remedy:
      "See what else sends from this account, and deploy with a smaller share of the account's rate (-c share=…).",
  },
  'answers-lost': {
    wrong: 'Calls to SES end without an answer: time-outs, broken connections or errors of SES itself.',
    effect: 'Recipients are in doubt; each batch waits for SEND events before anybody is sent to again.',
    remedy:
      'See the AWS Health Dashboard for SES in this region. The notice goes on by itself; stop it to wait for SES.',
  },
  'senders-die': {
    wrong: 'Senders end before their batches do: they crash, run out of memory or time, or fail with an error.',
    effect: 'Each batch is claimed again once its lease has ended and its doubt has settled, and fails again.',
    remedy:
      'Read the errors in the log of the sender function. Stop the notice until the cause is mended, then resume.',
  },
  'behind-another': {
    wrong: 'The senders are busy with another notice, whose batches were queued first.',
    effect: 'This notice begins or goes on when the other one leaves senders free.',
    remedy: 'Wait, or stop the other notice and resume it later.',
  },
  'no-sender-comes': {
    wrong: 'Batches are queued and no sender claims any of them.',
    effect: 'Nothing is sent. The dispatcher goes on queueing batches again, more and more seldom.',
    remedy:
      'See whether the sender function is called (its trigger enabled, concurrency left in the account), fails before it claims (its log), or whether its dead-letter queue fills.',
  },
  unexplained: {
    wrong: 'Senders hold batches and nobody gets a fate, for a reason that the dispatcher cannot see.',
    effect: 'The notice stands still.',
    remedy: 'Read the log of the sender function. Stop the notice until the cause is found, then resume.',
  },
} as const satisfies Record<string, StallDescription>

export type StallReason = keyof typeof stallReasons
export const stallReasonNames = Object.keys(stallReasons).filter(isStallReason)

function isStallReason(name: string): name is StallReason {
  return name in stallReasons
}

/** No recipient got a fate for this long: the notice stalls. The longest call of a sender, at the slowest rate, is shorter. */
export const STALL_MS = 300_000
