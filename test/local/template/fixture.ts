import type { AccountScope } from '../../../local/template/intrinsics.ts'

export const scope: AccountScope = {
  partition: 'aws',
  region: 'eu-west-1',
  accountId: '000000000000',
  urlSuffix: 'amazonaws.com',
  stackName: 'OnlyTo',
}

export const assets = {
  files: { abc: { source: { path: 'asset.abc' }, destinations: { here: { objectKey: 'abc.zip' } } } },
}

const handler = {
  Type: 'AWS::Lambda::Function',
  Metadata: { 'aws:cdk:path': 'OnlyTo/Sender/Function/Resource' },
  Properties: {
    Code: { S3Bucket: { 'Fn::Sub': `assets-\${AWS::AccountId}-\${AWS::Region}` }, S3Key: 'abc.zip' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: 60,
    MemorySize: 512,
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Environment: { Variables: { BATCH_QUEUE_URL: { Ref: 'Batches' }, BUCKET: { Ref: 'Audience' } } },
  },
}

/** A small template with one resource of each type that runs, as the CDK writes them. */
export const resources: Readonly<
  Record<string, { Type: string; Properties?: unknown; Metadata?: unknown; Condition?: string }>
> = {
  Role: { Type: 'AWS::IAM::Role' },
  Handler: handler,
  Retries: {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: { FunctionName: { Ref: 'Handler' }, Qualifier: '$LATEST', MaximumRetryAttempts: 0 },
  },
  DeadLetters: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } },
  Batches: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      VisibilityTimeout: 360,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] }, maxReceiveCount: 5 },
    },
  },
  Source: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': ['Batches', 'Arn'] },
      FunctionName: { Ref: 'Handler' },
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    },
  },
  Audience: {
    Type: 'AWS::S3::Bucket',
    Properties: { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } },
  },
  Generation1: {
    Type: 'AWS::KMS::Key',
    Properties: { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC', PendingWindowInDays: 30, KeyPolicy: {} },
  },
  Uploaded: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [{ Ref: 'Audience' }] }, object: { key: [{ prefix: 'uploads/' }] } },
      },
      State: 'ENABLED',
      Targets: [{ Arn: { 'Fn::GetAtt': ['Handler', 'Arn'] }, Id: 'Target0' }],
    },
  },
  EveryMinute: {
    Type: 'AWS::Events::Rule',
    Properties: {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [{ Arn: { 'Fn::GetAtt': ['Handler', 'Arn'] }, Id: 'Target0', Input: '{"by":"clock"}' }],
    },
  },
  Deliveries: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byState',
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    },
  },
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'Api', ProtocolType: 'HTTP' } },
  ToHandler: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': ['Handler', 'Arn'] },
      PayloadFormatVersion: '2.0',
    },
  },
  ReadNotice: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Api' },
      RouteKey: 'GET /notices/{noticeId}',
      AuthorizationType: 'AWS_IAM',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'ToHandler' }]] },
    },
  },
  Events: { Type: 'AWS::SNS::Topic' },
  ToQueue: {
    Type: 'AWS::SNS::Subscription',
    Properties: {
      Protocol: 'sqs',
      TopicArn: { Ref: 'Events' },
      Endpoint: { 'Fn::GetAtt': ['Batches', 'Arn'] },
      RawMessageDelivery: true,
    },
  },
  Set: { Type: 'AWS::SES::ConfigurationSet', Properties: { ReputationOptions: { ReputationMetricsEnabled: true } } },
  ToTopic: {
    Type: 'AWS::SES::ConfigurationSetEventDestination',
    Properties: {
      ConfigurationSetName: { Ref: 'Set' },
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: ['send', 'bounce'],
        SnsDestination: { TopicARN: { Ref: 'Events' } },
      },
    },
  },
  Alarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmActions: [{ Ref: 'Events' }],
      AlarmDescription: 'Something was put aside.',
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['DeadLetters', 'QueueName'] } }],
      Statistic: 'Maximum',
      Period: 60,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 3,
      TreatMissingData: 'notBreaching',
    },
  },
}
