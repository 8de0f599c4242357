import type { MeteredRoom, MetricName } from '../functions/runtime/metric-names.ts'

/** What an alarm listens to: a metric that functions count, or one that AWS has of a part of the stack or of the account. */
export type AlarmSource =
  | {
      readonly kind: 'own'
      readonly service: MeteredRoom
      readonly name: MetricName
      /** Why, where the metric is counted by reason. */
      readonly reason?: string
    }
  | { readonly kind: 'aws'; readonly of: AwsMetric }

export type AwsMetric =
  | 'errors of the sender'
  | 'errors of the dispatcher'
  | 'server errors of the API'
  | 'dead letters of the sender'
  | 'dead letters of the lanes'
  | 'dead letters of the feedback'
  | 'bounce rate of the account'
  | 'complaint rate of the account'

/** What an alarm makes of a period of which it has heard nothing, and why that wakes nobody without need. */
export interface WhenMissing {
  readonly treat: 'notBreaching' | 'breaching' | 'ignore'
  readonly why: string
}

/** Counted only when it happens: silence is what one hopes for, also in an account that sends nothing for weeks. */
export const countedWhenItHappens: WhenMissing = {
  treat: 'notBreaching',
  why: 'It is counted only when it happens, so silence means that it has not.',
}
export const onlyWithCalls: WhenMissing = {
  treat: 'notBreaching',
  why: 'AWS counts it only while calls are made; without calls nothing can fail.',
}
/** SQS stops telling of a queue that nobody has touched for six hours, whatever lies in it. */
export const queueFallsSilent: WhenMissing = {
  treat: 'ignore',
  why: 'SQS says nothing of a queue that was not touched for hours: what was seen last still holds, be it empty or not.',
}
export const rateOfTheLast: WhenMissing = {
  treat: 'ignore',
  why: 'SES tells the rate of the last messages while it has new ones: silence makes it neither better nor worse.',
}

/** One alarm: when it goes off, and all that the person has who is woken by it. */
export interface AlarmEntry {
  readonly id: string
  /** Its heading in docs/runbook.md. */
  readonly heading: string
  readonly source: AlarmSource
  readonly statistic: 'Sum' | 'Maximum' | 'Average'
  readonly threshold: number
  /** Of the threshold: reached, unless an alarm is about what stays below it. */
  readonly goesOff?: 'below'
  readonly periodMinutes: number
  /** Periods in a row; 1 unless given. */
  readonly periods?: number
  readonly whenMissing: WhenMissing
  readonly wrong: string
  readonly matters: string
}

/** The address of a heading as GitHub, GitLab and most others make it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')
}

export function describeAlarm({ wrong, matters, heading }: AlarmEntry, runbookUrl: string): string {
  return `${wrong} ${matters} What to do: ${runbookUrl}#${anchorOf(heading)}`
}
