import * as z from 'zod'
import { shape } from './resource-shapes.ts'

export const routeShape = shape(
  z.object({
    ApiId: z.string(),
    RouteKey: z.string(),
    Target: z.string(),
    AuthorizationType: z.enum(['AWS_IAM', 'NONE']).default('NONE'),
  }),
  [],
)

export const integrationShape = shape(
  z.object({
    ApiId: z.string(),
    IntegrationType: z.literal('AWS_PROXY'),
    IntegrationUri: z.string(),
    PayloadFormatVersion: z.literal('2.0'),
    TimeoutInMillis: z.number().default(30_000),
  }),
  ['IntegrationMethod'],
)

export const apiShape = shape(z.object({ ProtocolType: z.literal('HTTP') }), [
  'Name',
  'Description',
  'DisableExecuteApiEndpoint',
  'Tags',
])

export const ruleShape = shape(
  z.object({
    State: z.literal('ENABLED').default('ENABLED'),
    ScheduleExpression: z.string().optional(),
    EventPattern: z
      .strictObject({
        source: z.tuple([z.literal('aws.s3')]),
        'detail-type': z.tuple([z.literal('Object Created')]),
        detail: z.strictObject({
          bucket: z.strictObject({ name: z.array(z.string()) }),
          object: z.strictObject({ key: z.array(z.strictObject({ prefix: z.string() })) }).optional(),
        }),
      })
      .optional(),
    Targets: z.array(
      z.strictObject({
        Arn: z.string(),
        Id: z.string(),
        Input: z.string().optional(),
        // EventBridge's own retries are for a Lambda it cannot reach, and that cannot happen here.
        RetryPolicy: z.unknown().optional(),
        DeadLetterConfig: z.unknown().optional(),
      }),
    ),
  }),
  ['Description', 'Tags'],
)

export const configurationSetShape = shape(
  z.object({ SendingOptions: z.object({ SendingEnabled: z.literal(true) }).optional() }),
  ['Name', 'ReputationOptions', 'DeliveryOptions', 'SuppressionOptions', 'TrackingOptions', 'VdmOptions', 'Tags'],
)

export const eventDestinationShape = shape(
  z.object({
    ConfigurationSetName: z.string(),
    EventDestination: z.strictObject({
      Enabled: z.literal(true),
      Name: z.string().optional(),
      MatchingEventTypes: z.array(z.string()),
      SnsDestination: z.object({ TopicARN: z.string() }),
    }),
  }),
  [],
)

export const topicShape = shape(z.object({}), ['DisplayName', 'KmsMasterKeyId', 'TracingConfig', 'Tags'])

export const subscriptionShape = shape(
  z.object({
    TopicArn: z.string(),
    Protocol: z.string(),
    Endpoint: z.string(),
    RawMessageDelivery: z.boolean().default(false),
  }),
  ['RedrivePolicy'],
)
