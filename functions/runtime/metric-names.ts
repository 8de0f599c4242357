/**
 * Every metric that OnlyTo emits, by the function that counts it: in the namespace `OnlyTo` with the dimension `service`, and
 * NoProgress with a `reason`. Of a notice or a recipient none says anything. A test finds each of them counted, and shown or alarmed on.
 */
export const metricsOf = {
  sender: [
    'Accepted',
    'Failed',
    'InDoubt',
    'LeakGuardRejections',
    'NoticesStoppedBySender',
    /** Batches whose pointer comes again because something failed. */
    'BatchFailures',
    /** Of those: no slots could be asked for. */
    'PacerFailures',
    'SesThrottles',
    'SenderIdle',
    'SenderHeld',
  ],
  dispatcher: [
    /** Once a call, and so each minute. */
    'Heartbeat',
    'BatchesDispatched',
    'NoProgress',
    // Levels, told with each look while a notice is being sent: of a minute their highest or mean says something, never the sum.
    /** Recipients a second that SES allows the account … */
    'AccountRate',
    /** … and that the pacers give out. */
    'GrantedRate',
    'InFlight',
    /** Recipients of the notices that are being sent who are still to be sent to. */
    'Unsent',
    /** Percent of the account's 24-hour quota. */
    'QuotaUsed',
    /** Recipients whom the notices that are being sent have no quota for today, and who are not to wait for days. */
    'QuotaShort',
  ],
  feedback: ['Bounces', 'Complaints'],
} as const satisfies Record<string, readonly string[]>

export type MeteredRoom = keyof typeof metricsOf
export type MetricName = (typeof metricsOf)[MeteredRoom][number]

/** The namespace of them all. */
export const METRIC_NAMESPACE = 'OnlyTo'
