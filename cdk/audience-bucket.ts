import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { acknowledgeWildcard } from './acknowledge.ts'
import type { StackInputs } from './inputs.ts'
import type { RoomFunction } from './room-function.ts'

export interface AudienceBucketProps {
  readonly inputs: StackInputs
}

/** What the top folders of the bucket hold: audiences as uploaded, audiences as indexed, contents by their digest. */
export type Folder = 'uploads' | 'audiences' | 'content'

/**
 * The only place where addresses lie. They are forgotten after the audience retention; contents hold no address and stay.
 * Objects are not versioned, as an old version would be an address kept for longer. The bucket outlives the stack.
 *
 * Who has read what, by links too, is in the access log beside it for a year: by key, and keys are made of ids and digests.
 */
export class AudienceBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, { inputs }: AudienceBucketProps) {
    super(scope, id)
    const expiration = Duration.days(inputs.audienceRetentionDays)
    const accessLog = new Bucket(this, 'AccessLog', {
      ...closed,
      lifecycleRules: [{ expiration: Duration.days(365) }, { abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    })
    this.bucket = new Bucket(this, 'Bucket', {
      ...closed,
      lifecycleRules: [
        { prefix: 'uploads/', expiration },
        { prefix: 'audiences/', expiration },
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    })
    publishEvents(this.bucket)
    logAccess(this.bucket, accessLog)
  }

  /** Each folder with the reason for which the room reads it. */
  letRead(reader: RoomFunction, folders: Reasons): void {
    this.allowFolders(reader, ['s3:GetObject'], folders)
  }

  /** The index of an audience says where its batches lie. Unlike what lies beside it, it holds no address. */
  letReadIndexes(reader: RoomFunction): void {
    this.allow(reader, ['s3:GetObject'], 'audiences/*/batches', `It reads where the batches lie, of ${named.audiences}`)
  }

  /** S3 asks for the right to abort of whoever uploads in parts. */
  letWrite(writer: RoomFunction, folders: Reasons): void {
    this.allowFolders(writer, ['s3:PutObject', 's3:AbortMultipartUpload'], folders)
  }

  private allowFolders(room: RoomFunction, actions: string[], folders: Reasons): void {
    for (const folder of allFolders) {
      const reason = folders[folder]
      if (reason !== undefined) this.allow(room, actions, `${folder}/*`, `${reason}: ${named[folder]}`)
    }
  }

  private allow(room: RoomFunction, actions: string[], keys: string, reason: string): void {
    const resource = this.bucket.arnForObjects(keys)
    room.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] }))
    acknowledgeWildcard(room, resource, reason)
  }
}

const allFolders: readonly Folder[] = ['uploads', 'audiences', 'content']
type Reasons = Partial<Readonly<Record<Folder, string>>>

/** Why objects of a folder can only be meant by a wildcard. */
const named: Readonly<Record<Folder, string>> = {
  uploads: 'objects are named by the ids of notice and audience, which come later',
  audiences: 'objects are named by the id of their audience, which comes later',
  content: 'objects are named by digests of what is written later',
}

const closed = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  removalPolicy: RemovalPolicy.RETAIN,
}

/** Tells EventBridge of each new object. The property that the CDK has for this would bring a Lambda function of its own. */
function publishEvents(bucket: Bucket): void {
  partOf(bucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } }
}

/** The property that the CDK has for this takes no bucket under TypeScript's exact optional properties. */
function logAccess(bucket: Bucket, log: Bucket): void {
  partOf(bucket).loggingConfiguration = { destinationBucketName: log.bucketName }
  log.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [log.arnForObjects('*')],
      conditions: {
        ArnLike: { 'aws:SourceArn': bucket.bucketArn },
        StringEquals: { 'aws:SourceAccount': Stack.of(log).account },
      },
    }),
  )
}

function partOf({ node: { defaultChild } }: Bucket): CfnBucket {
  if (!(defaultChild instanceof CfnBucket)) throw new TypeError('A bucket is made of a CfnBucket')
  return defaultChild
}
