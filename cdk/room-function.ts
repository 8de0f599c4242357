import { type Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type * as z from 'zod'
import type { EnvironmentOf } from '../functions/runtime/environment.ts'
import { bundleRoom, type Room } from './room-bundle.ts'
import { denySesBut, type SesAction } from './ses-permissions.ts'

export interface RoomFunctionProps<Schema extends z.ZodObject> {
  readonly room: Room
  readonly description: string
  /** What the function reads from its environment: the keys to set, no more and no fewer. */
  readonly schema: Schema
  readonly environment: NoInfer<EnvironmentOf<Schema>>
  readonly timeout: Duration
  readonly memoryMb: number
  /** How often Lambda repeats a failed asynchronous call; 2 unless told. */
  readonly retryAttempts?: number
  /** The one thing that its room will grant it of SES. All else of SES is denied, and everything unless told. */
  readonly sesAction?: SesAction
}

/**
 * A room's function, on Lambda's newest Node and the cheaper processor, with a role that may write its own log and is denied
 * SES: what it may do beyond is granted by its room. Not traced: logs and metrics tell what a trace would, and X-Ray keeps
 * what a client puts into a URL.
 */
export class RoomFunction<Schema extends z.ZodObject = z.ZodObject> extends LambdaFunction {
  constructor(scope: Construct, id: string, props: RoomFunctionProps<Schema>) {
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
    logGroup.grantWrite(role)
    role.addToPolicy(denySesBut(props.sesAction))
    super(scope, id, {
      description: props.description,
      code: bundleRoom(props.room),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memoryMb,
      environment: { ...props.environment },
      tracing: Tracing.DISABLED,
      loggingFormat: LoggingFormat.JSON,
      logGroup,
      role,
      ...(props.retryAttempts === undefined ? {} : { retryAttempts: props.retryAttempts }),
    })
  }
}
