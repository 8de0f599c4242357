import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import type { AccountScope } from './intrinsics.ts'

/** What the synthesised template deploys, as far as it runs: the whole input of the local runtime. */
export interface Deployment {
  readonly scope: AccountScope
  readonly functions: readonly FunctionDefinition[]
  readonly queues: readonly QueueDefinition[]
  readonly tables: readonly TableDefinition[]
  readonly buckets: readonly BucketDefinition[]
  /** Ids of the HMAC keys in KMS. */
  readonly macKeys: readonly string[]
  readonly eventSources: readonly EventSourceDefinition[]
  readonly routes: readonly RouteDefinition[]
  readonly rules: readonly RuleDefinition[]
  /** SES's configuration sets, by name. */
  readonly configurationSets: readonly string[]
  readonly eventQueues: readonly EventQueueDefinition[]
  readonly alarms: readonly AlarmDefinition[]
}

export interface FunctionDefinition {
  /** Logical id, which is its name here. */
  readonly name: string
  /** The house's word for it: the construct that it lies in, such as `sender`. */
  readonly room: string
  readonly assetDirectory: string
  /** `file.export`, as Lambda has it. */
  readonly handler: string
  readonly timeoutMs: number
  readonly memoryMb: number
  readonly environment: Readonly<Record<string, string>>
  readonly reservedConcurrency: number | undefined
  /** How often a failed asynchronous invocation is tried again. */
  readonly asyncRetries: number
}

export interface QueueDefinition {
  readonly name: string
  readonly arn: string
  /** The URL that functions were given; the local queue's takes its place. */
  readonly url: string
  readonly visibilityTimeoutSeconds: number
  readonly delaySeconds: number
  readonly retentionSeconds: number
  readonly deadLetterQueue?: { readonly name: string; readonly maxReceiveCount: number }
}

export interface TableDefinition {
  readonly name: string
  readonly create: CreateTableCommandInput
  readonly timeToLiveAttribute: string | undefined
}

export interface BucketDefinition {
  readonly name: string
  /** Whether S3 tells EventBridge of new objects. */
  readonly eventBridge: boolean
}

/** An SQS queue whose messages a function gets in batches. */
export interface EventSourceDefinition {
  readonly functionName: string
  readonly queueName: string
  readonly batchSize: number
  readonly batchingWindowMs: number
  readonly maximumConcurrency: number
  readonly reportsItemFailures: boolean
}

export interface RouteDefinition {
  /** `GET /notices/{noticeId}` */
  readonly routeKey: string
  readonly functionName: string
  readonly authorization: 'AWS_IAM' | 'NONE'
  readonly timeoutMs: number
}

/** `input` replaces the event where the rule's target says so. */
export type RuleDefinition = RuleTarget &
  (
    | { readonly kind: 'schedule'; readonly everyMs: number }
    | { readonly kind: 'object-created'; readonly buckets: readonly string[]; readonly keyPrefixes: readonly string[] }
  )

export interface RuleTarget {
  readonly name: string
  readonly functionName: string
  readonly input: unknown
}

/** A queue that SES's events of one configuration set reach, by way of an SNS topic. */
export interface EventQueueDefinition {
  readonly configurationSet: string
  readonly queueName: string
  readonly topicArn: string
  readonly eventTypes: readonly string[]
  readonly raw: boolean
}

/** A CloudWatch alarm, as its resource says. */
export interface AlarmDefinition {
  readonly name: string
  readonly description: string
  readonly metric: {
    readonly namespace: string
    readonly name: string
    readonly dimensions: Readonly<Record<string, string>>
  }
  readonly statistic: 'SampleCount' | 'Average' | 'Sum' | 'Minimum' | 'Maximum'
  readonly periodMs: number
  readonly comparison:
    | 'GreaterThanOrEqualToThreshold'
    | 'GreaterThanThreshold'
    | 'LessThanThreshold'
    | 'LessThanOrEqualToThreshold'
  readonly threshold: number
  /** The periods that an evaluation looks at … */
  readonly evaluationPeriods: number
  /** … and how many of them must breach the threshold. */
  readonly datapointsToAlarm: number
  readonly missingData: 'breaching' | 'notBreaching' | 'ignore' | 'missing'
}
