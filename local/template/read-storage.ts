import type { BucketDefinition, QueueDefinition, TableDefinition } from './deployment.ts'
import { bucketName, queueArn, queueUrl } from './identities.ts'
import type { AccountScope, Intrinsics } from './intrinsics.ts'
import { bucketShape, globalTableShape, macKeyShape, queueShape, tableShape } from './resource-shapes.ts'
import type { Template } from './resource-template.ts'
import { readResources } from './resources.ts'

export function readQueues(
  template: Template,
  intrinsics: Intrinsics,
  scope: AccountScope,
): readonly QueueDefinition[] {
  return readResources(template, intrinsics, 'AWS::SQS::Queue', queueShape).map(({ id, properties }) => ({
    name: id,
    arn: queueArn(id, scope),
    url: queueUrl(id, scope),
    visibilityTimeoutSeconds: properties.VisibilityTimeout,
    delaySeconds: properties.DelaySeconds,
    retentionSeconds: properties.MessageRetentionPeriod,
    ...(properties.RedrivePolicy && {
      deadLetterQueue: {
        name: lastOf(properties.RedrivePolicy.deadLetterTargetArn),
        maxReceiveCount: properties.RedrivePolicy.maxReceiveCount,
      },
    }),
  }))
}

export function readTables(template: Template, intrinsics: Intrinsics): readonly TableDefinition[] {
  const tables = [
    ...readResources(template, intrinsics, 'AWS::DynamoDB::Table', tableShape),
    ...readResources(template, intrinsics, 'AWS::DynamoDB::GlobalTable', globalTableShape),
  ]
  return tables.map(({ id, properties }) => ({
    name: id,
    create: {
      TableName: id,
      AttributeDefinitions: properties.AttributeDefinitions,
      KeySchema: properties.KeySchema,
      BillingMode: properties.BillingMode,
      ...(properties.GlobalSecondaryIndexes.length > 0 && {
        GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes.map(({ Projection, ...index }) => ({
          ...index,
          Projection: {
            ProjectionType: Projection.ProjectionType,
            ...(Projection.NonKeyAttributes && { NonKeyAttributes: Projection.NonKeyAttributes }),
          },
        })),
      }),
    },
    timeToLiveAttribute: properties.TimeToLiveSpecification?.AttributeName,
  }))
}

export function readBuckets(template: Template, intrinsics: Intrinsics): readonly BucketDefinition[] {
  return readResources(template, intrinsics, 'AWS::S3::Bucket', bucketShape).map(({ id, properties }) => ({
    name: bucketName(id),
    eventBridge: properties.NotificationConfiguration !== undefined,
  }))
}

/** The ids of the HMAC keys in KMS. */
export function readMacKeys(template: Template, intrinsics: Intrinsics): readonly string[] {
  return readResources(template, intrinsics, 'AWS::KMS::Key', macKeyShape).map(({ id }) => id)
}

function lastOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1)
}
