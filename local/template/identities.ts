import type { AccountScope } from './intrinsics.ts'

/** What `Ref` and `Fn::GetAtt` give for a resource. Physical names are logical ids; a bucket's is in lower case, as S3 demands. */
export interface Identity {
  readonly ref: (id: string, scope: AccountScope) => string
  readonly attributes: Readonly<Record<string, (id: string, scope: AccountScope) => string>>
}

const arn = (service: string, path: (id: string) => string) => (id: string, scope: AccountScope) =>
  `arn:${scope.partition}:${service}:${scope.region}:${scope.accountId}:${path(id)}`

const logicalId = (id: string) => id

export const queueArn = arn('sqs', logicalId)
export const functionArn = arn('lambda', id => `function:${id}`)
export const topicArn = arn('sns', logicalId)
export const bucketName = (id: string) => id.toLowerCase()

/** The URL a deployed queue would have. The stack puts the local queue's in its place once that is known. */
export const queueUrl = (id: string, scope: AccountScope) =>
  `https://sqs.${scope.region}.${scope.urlSuffix}/${scope.accountId}/${id}`

const table: Identity = { ref: logicalId, attributes: { Arn: arn('dynamodb', id => `table/${id}`) } }

const role: Identity = {
  ref: logicalId,
  attributes: { Arn: (id, scope) => `arn:${scope.partition}:iam::${scope.accountId}:role/${id}` },
}

export const identities: Readonly<Record<string, Identity>> = {
  'AWS::Lambda::Function': { ref: logicalId, attributes: { Arn: functionArn } },
  'AWS::SQS::Queue': { ref: queueUrl, attributes: { Arn: queueArn, QueueName: logicalId, QueueUrl: queueUrl } },
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::S3::Bucket': {
    ref: bucketName,
    attributes: { Arn: (id, scope) => `arn:${scope.partition}:s3:::${bucketName(id)}` },
  },
  'AWS::SNS::Topic': { ref: topicArn, attributes: { TopicArn: topicArn, TopicName: logicalId } },
  'AWS::SES::ConfigurationSet': { ref: logicalId, attributes: {} },
  'AWS::ApiGatewayV2::Api': { ref: logicalId, attributes: {} },
  'AWS::ApiGatewayV2::Integration': { ref: logicalId, attributes: {} },
  'AWS::IAM::Role': role,
  'AWS::KMS::Key': { ref: logicalId, attributes: { Arn: arn('kms', id => `key/${id}`), KeyId: logicalId } },
  'AWS::Logs::LogGroup': { ref: logicalId, attributes: { Arn: arn('logs', id => `log-group:${id}:*`) } },
}
