import * as z from 'zod'

/**
 * What the local stack reads of each resource type it runs. `without` lists the properties it leaves out knowingly; any
 * other property is an error, so that a local run cannot silently differ from a deployment.
 */
export interface ResourceShape<Schema extends z.ZodObject> {
  readonly reads: Schema
  readonly without: readonly string[]
}

export function shape<Schema extends z.ZodObject>(reads: Schema, without: readonly string[]): ResourceShape<Schema> {
  return { reads, without }
}

export const functionShape = shape(
  z.object({
    Code: z.object({ S3Bucket: z.string(), S3Key: z.string() }),
    Handler: z.string(),
    Runtime: z.string().regex(/^nodejs/, 'only Node.js functions run locally'),
    Timeout: z.number().default(3),
    MemorySize: z.number().default(128),
    Environment: z.object({ Variables: z.record(z.string(), z.string()) }).optional(),
    ReservedConcurrentExecutions: z.number().optional(),
  }),
  // Access, log formats and the processor do not change what a handler does; X-Ray has no local counterpart.
  ['Role', 'Architectures', 'LoggingConfig', 'Description', 'Tags', 'TracingConfig'],
)

export const eventSourceShape = shape(
  z.object({
    EventSourceArn: z.string(),
    FunctionName: z.string(),
    BatchSize: z.number().default(10),
    MaximumBatchingWindowInSeconds: z.number().default(0),
    FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
    ScalingConfig: z.object({ MaximumConcurrency: z.number() }),
    Enabled: z.literal(true).default(true),
  }),
  ['Tags', 'MetricsConfig'],
)

export const invokeConfigShape = shape(
  z.object({
    FunctionName: z.string(),
    Qualifier: z.literal('$LATEST'),
    MaximumRetryAttempts: z.number().default(2),
  }),
  // Local events are tried again within seconds, so none grows too old.
  ['MaximumEventAgeInSeconds'],
)

export const queueShape = shape(
  z.object({
    VisibilityTimeout: z.number().default(30),
    DelaySeconds: z.number().default(0),
    MessageRetentionPeriod: z.number().default(345_600),
    RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() }).optional(),
    FifoQueue: z.literal(false).default(false),
  }),
  ['SqsManagedSseEnabled', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'RedriveAllowPolicy', 'Tags'],
)

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
const tableFields = {
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: keySchema,
  BillingMode: z.literal('PAY_PER_REQUEST'),
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .default([]),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.literal(true) }).optional(),
}
const tableWithout = [
  'SSESpecification',
  'PointInTimeRecoverySpecification',
  'DeletionProtectionEnabled',
  'Tags',
  // A bound on cost, and what is bought ahead of a peak: the local tables have neither.
  'OnDemandThroughput',
  'WarmThroughput',
]
export const tableShape = shape(z.object(tableFields), tableWithout)
export const globalTableShape = shape(z.object({ ...tableFields, Replicas: z.array(z.unknown()).length(1) }), [
  ...tableWithout,
  'WriteOnDemandThroughputSettings',
])

/** KMS has no rotation for keys of this kind; who may use them is a matter of AWS. */
export const macKeyShape = shape(
  z.object({ KeySpec: z.literal('HMAC_256'), KeyUsage: z.literal('GENERATE_VERIFY_MAC') }),
  ['KeyPolicy', 'Description', 'PendingWindowInDays', 'Tags'],
)

export const bucketShape = shape(
  z.object({
    NotificationConfiguration: z
      .strictObject({ EventBridgeConfiguration: z.object({ EventBridgeEnabled: z.literal(true) }) })
      .optional(),
  }),
  [
    'BucketEncryption',
    'PublicAccessBlockConfiguration',
    'OwnershipControls',
    'LifecycleConfiguration',
    'LoggingConfiguration',
    'VersioningConfiguration',
    'CorsConfiguration',
    'AccessControl',
    'Tags',
  ],
)
