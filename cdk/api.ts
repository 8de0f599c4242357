import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway'
import { HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { apiEnvironment } from '../functions/api/env.ts'
import { apiRoutes } from './api-routes.ts'
import type { AudienceBucket } from './audience-bucket.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { StackInputs } from './inputs.ts'
import { RoomFunction } from './room-function.ts'
import { letReadSendQuota } from './ses-permissions.ts'
import type { Tables } from './tables.ts'

export interface ApiProps {
  readonly tables: Tables
  readonly bucket: AudienceBucket
  readonly dispatcher: Dispatcher
  readonly inputs: StackInputs
}

/** The operator's door. Nobody passes without an IAM identity, and who passed is in the access log for a year. */
export class Api extends Construct {
  readonly url: string

  readonly http: HttpApi

  constructor(scope: Construct, id: string, { tables, bucket, dispatcher, inputs }: ApiProps) {
    super(scope, id)
    const room = new RoomFunction(this, 'Function', {
      room: 'api',
      description: 'Answers the operator: drafts, approves, starts, stops and reports notices',
      schema: apiEnvironment,
      environment: {
        NOTICES_TABLE: tables.notices.tableName,
        DELIVERIES_TABLE: tables.deliveries.tableName,
        AUDIENCE_BUCKET: bucket.bucket.bucketName,
        DISPATCHER_FUNCTION: dispatcher.function.functionName,
        SENDER_IDENTITY: inputs.sender,
        RATE_SHARE: String(inputs.share),
        LANES: JSON.stringify(inputs.lanes),
        DELIVERY_RETENTION_DAYS: String(inputs.retentionDays),
        SENDER_CONCURRENCY: String(inputs.senderConcurrency),
        SANDBOX: inputs.sandbox ? 'true' : 'false',
      },
      // API Gateway waits no longer than 30 seconds.
      timeout: Duration.seconds(30),
      memoryMb: 512,
      sesAction: 'ses:GetAccount',
    })
    tables.letChangeNotices(room)
    tables.letListNotices(room)
    tables.letReadDeliveries(room)
    bucket.letWrite(room, {
      uploads: 'The API signs the link by which an operator uploads an audience',
      content: 'The API stores what a notice says under its own digest',
    })
    bucket.letRead(room, {
      audiences: 'The API signs the link by which recipients get their names, and looks an address up',
      content: 'The API previews and approves what a notice says',
    })
    dispatcher.letWake(room)
    letReadSendQuota(room, 'A start asks whether the account may send, and how much')

    const http = new HttpApi(this, 'Http', {
      apiName: 'OnlyTo',
      description: 'What an operator may ask of OnlyTo',
      createDefaultStage: false,
      defaultAuthorizer: new HttpIamAuthorizer(),
    })
    this.http = http
    const integration = new HttpLambdaIntegration('Integration', room, { scopePermissionToRoute: false })
    for (const { method, path } of apiRoutes) http.addRoutes({ path, methods: [method], integration })
    this.addLoggedStage(http)
    this.url = http.apiEndpoint
  }

  private addLoggedStage(httpApi: HttpApi): void {
    const logGroup = new LogGroup(this, 'AccessLog', {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    new HttpStage(this, 'Stage', {
      httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: callsPerSecond,
      accessLogSettings: { destination: new LogGroupLogDestination(logGroup), format: accessLogFormat },
    })
  }
}

/** Far more than operators and their programs need; the CLI waits and asks again when it is told so. */
const callsPerSecond = { rateLimit: 100, burstLimit: 200 }

/** Nothing that the client chooses: not the path as it was asked, in which somebody may have put an address. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    at: AccessLogField.contextRequestTime(),
    route: AccessLogField.contextRouteKey(),
    status: AccessLogField.contextStatus(),
    caller: AccessLogField.contextIdentityUserArn(),
    latencyMs: AccessLogField.contextResponseLatency(),
    integrationError: AccessLogField.contextIntegrationErrorMessage(),
  }),
)
