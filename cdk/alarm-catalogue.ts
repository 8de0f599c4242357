import { stallReasons } from '../functions/notice/stall-reasons.ts'
import { type AlarmEntry, countedWhenItHappens, onlyWithCalls, queueFallsSilent, rateOfTheLast } from './alarm-entry.ts'

const onFirst = { statistic: 'Sum', threshold: 1, periodMinutes: 1, whenMissing: countedWhenItHappens } as const
const whileAnyLies = { statistic: 'Maximum', threshold: 1, periodMinutes: 1, whenMissing: queueFallsSilent } as const

/**
 * Everything that wakes somebody. Each has a heading in docs/runbook.md, and each metric of OnlyTo's own is counted by its
 * function: tests hold that in both directions, and trip each alarm once.
 */
export const alarmCatalogue: readonly AlarmEntry[] = [
  {
    id: 'LeakGuardRejection',
    heading: 'The leak guard refused a message',
    source: { kind: 'own', service: 'sender', name: 'LeakGuardRejections' },
    ...onFirst,
    wrong:
      'The leak guard refused a message that would have shown one customer to another. It was not sent, and its notice was stopped.',
    matters: 'Whatever made that message may have made others: nothing may be resumed before somebody knows the cause.',
  },
  {
    id: 'NoticeStoppedByItself',
    heading: 'A notice stopped by itself',
    source: { kind: 'own', service: 'sender', name: 'NoticesStoppedBySender' },
    ...onFirst,
    wrong: 'A notice was stopped by OnlyTo, as SES refuses it or every notice, or as the leak guard refused a message.',
    matters: 'The rest of its recipients are told nothing until somebody has found the cause and resumes it.',
  },
  {
    id: 'ManyInDoubt',
    heading: 'Many recipients are in doubt',
    source: { kind: 'own', service: 'sender', name: 'InDoubt' },
    statistic: 'Sum',
    // A sender that gives up on SES leaves ten, one that dies at most twenty-five. This takes several of them.
    threshold: 50,
    periodMinutes: 5,
    whenMissing: countedWhenItHappens,
    wrong: 'In five minutes the answers to fifty or more calls to SES were lost.',
    matters:
      'Each of these recipients waits until the doubt has settled; if answers go on being lost, some stay in doubt by name and others may get the notice twice.',
  },
  ...Object.entries(stallReasons).map(
    ([reason, { wrong, effect }]): AlarmEntry => ({
      id: `NoProgress-${reason}`,
      heading: `No progress: ${reason}`,
      source: { kind: 'own', service: 'dispatcher', name: 'NoProgress', reason },
      ...onFirst,
      wrong: `A notice has made no progress for five minutes. ${wrong}`,
      matters: effect,
    }),
  ),
  {
    id: 'SenderDeadLetters',
    heading: 'Dead letters of the sender',
    source: { kind: 'aws', of: 'dead letters of the sender' },
    ...whileAnyLies,
    wrong: 'Pointers to batches failed five times and were put aside.',
    matters:
      'Nobody is lost, as the dispatcher queues their batches again; but what failed five times will fail again.',
  },
  {
    id: 'LaneDeadLetters',
    heading: 'Dead letters of the lanes',
    source: { kind: 'aws', of: 'dead letters of the lanes' },
    ...whileAnyLies,
    wrong: 'Pointers to batches of a lane failed five times and were put aside.',
    matters:
      'Nobody is lost, as the dispatcher queues their batches again; but what failed five times will fail again.',
  },
  {
    id: 'FeedbackDeadLetters',
    heading: 'Dead letters of the feedback',
    source: { kind: 'aws', of: 'dead letters of the feedback' },
    ...whileAnyLies,
    wrong: "Events of SES could not be recorded in five tries and were put aside; they hold recipients' addresses.",
    matters:
      'Until they are redriven, bounces and complaints are missing in reports, and a message in doubt may be sent again although SES has accepted it.',
  },
  {
    id: 'Throttles',
    heading: 'SES throttles for minutes',
    source: { kind: 'own', service: 'sender', name: 'SesThrottles' },
    statistic: 'Sum',
    threshold: 10,
    periodMinutes: 5,
    periods: 2,
    whenMissing: countedWhenItHappens,
    wrong: 'SES has throttled calls for ten minutes: more is sent from this account than it allows.',
    matters:
      'OnlyTo slows down, so the notice takes longer; whatever else sends from the account is throttled as well.',
  },
  {
    id: 'QuotaNearlyUsed',
    heading: 'The daily quota is nearly used',
    source: { kind: 'own', service: 'dispatcher', name: 'QuotaShort' },
    statistic: 'Maximum',
    threshold: 1,
    periodMinutes: 1,
    periods: 2,
    whenMissing: {
      treat: 'notBreaching',
      why: 'It is counted only while notices that are not to wait for days need more than is left of the quota.',
    },
    wrong: "The notices that are being sent need more of SES's 24-hour quota than is left.",
    matters: 'When it is used up they wait for hours, and other mail of the account may be refused.',
  },
  {
    id: 'SenderErrors',
    heading: 'The sender crashes',
    source: { kind: 'aws', of: 'errors of the sender' },
    statistic: 'Sum',
    threshold: 3,
    periodMinutes: 5,
    whenMissing: onlyWithCalls,
    wrong: 'Three or more calls of the sender crashed, or ran out of time or memory, within five minutes.',
    matters:
      'Their batches stand still until their doubt has settled, and up to twenty-five recipients of each are in doubt.',
  },
  {
    id: 'BatchFailures',
    heading: 'Batches fail',
    source: { kind: 'own', service: 'sender', name: 'BatchFailures' },
    statistic: 'Sum',
    threshold: 5,
    periodMinutes: 5,
    whenMissing: countedWhenItHappens,
    wrong: 'Five or more batches could not be sent within five minutes, as something that the sender needs failed.',
    matters:
      'They come again, and no recipient is lost or told twice; but the notice is late, and may come to a standstill.',
  },
  {
    id: 'PacerUnreachable',
    heading: 'The pacer cannot be reached',
    source: { kind: 'own', service: 'sender', name: 'PacerFailures' },
    statistic: 'Sum',
    threshold: 3,
    periodMinutes: 1,
    whenMissing: countedWhenItHappens,
    wrong: 'Senders could not ask for slots: the pacer, an item of the notices table, cannot be read or written.',
    matters: 'Without a slot nothing is sent, so every notice stands still while that lasts.',
  },
  {
    id: 'DispatcherSilent',
    heading: 'The dispatcher is silent',
    source: { kind: 'own', service: 'dispatcher', name: 'Heartbeat' },
    statistic: 'Sum',
    threshold: 1,
    goesOff: 'below',
    periodMinutes: 1,
    periods: 5,
    whenMissing: {
      treat: 'breaching',
      why: 'The dispatcher is called each minute, sending or not, so silence is the very fault. Only in the first minutes of a new stack nothing can have been heard yet.',
    },
    wrong: 'The dispatcher has not been heard of for five minutes.',
    matters:
      'No notice is fed, resumed after a loss, or watched: what is in the queue is still sent, and then nothing more.',
  },
  {
    id: 'DispatcherErrors',
    heading: 'The dispatcher fails',
    source: { kind: 'aws', of: 'errors of the dispatcher' },
    statistic: 'Sum',
    threshold: 1,
    periodMinutes: 1,
    periods: 5,
    whenMissing: onlyWithCalls,
    wrong: 'The dispatcher has failed in each of five minutes.',
    matters: 'At least one notice is not fed and not watched; those that it can reach go on.',
  },
  {
    id: 'BounceRate',
    heading: 'Many messages bounce',
    source: { kind: 'aws', of: 'bounce rate of the account' },
    statistic: 'Average',
    // SES puts an account under review at 5 %, and may pause it at 10 %.
    threshold: 0.04,
    periodMinutes: 15,
    whenMissing: rateOfTheLast,
    wrong: 'Four in a hundred messages of this account bounce, or more.',
    matters: 'At five SES puts the account under review, and at ten it may pause it: then no notice goes out at all.',
  },
  {
    id: 'ComplaintRate',
    heading: 'Many recipients complain',
    source: { kind: 'aws', of: 'complaint rate of the account' },
    statistic: 'Average',
    // Under review at 0.1 %, paused perhaps at 0.5 %.
    threshold: 0.0008,
    periodMinutes: 15,
    whenMissing: rateOfTheLast,
    wrong: 'Eight in ten thousand recipients of this account mark its messages as spam, or more.',
    matters: 'At ten SES puts the account under review, and at fifty it may pause it: then no notice goes out at all.',
  },
  {
    id: 'ApiErrors',
    heading: 'The API fails',
    source: { kind: 'aws', of: 'server errors of the API' },
    statistic: 'Sum',
    threshold: 5,
    periodMinutes: 5,
    whenMissing: onlyWithCalls,
    wrong: 'The API has answered five or more calls within five minutes with an error of its own.',
    matters: 'While it fails nobody can see, start or stop a notice by the command line.',
  },
]
