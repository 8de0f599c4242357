import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
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
 */
export class AudienceBucket extends Construct {
  readonly bucket: Bucket

  constructor(scope: Construct, id: string, { inputs }: AudienceBucketProps) {
    super(scope, id)
    const expiration = Duration.days(inputs.audienceRetentionDays)
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [
        { prefix: 'uploads/', expiration },
        { prefix: 'audiences/', expiration },
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    })
    publishEvents(this.bucket)
  }

  letRead(reader: RoomFunction, ...folders: readonly Folder[]): void {
    this.allow(reader, ['s3:GetObject'], folders.map(wholeFolder))
  }

  /** The index of an audience says where its batches lie. Unlike what lies beside it, it holds no address. */
  letReadIndexes(reader: RoomFunction): void {
    this.allow(reader, ['s3:GetObject'], ['audiences/*/batches'])
  }

  /** S3 asks for the right to abort of whoever uploads in parts. */
  letWrite(writer: RoomFunction, ...folders: readonly Folder[]): void {
    this.allow(writer, ['s3:PutObject', 's3:AbortMultipartUpload'], folders.map(wholeFolder))
  }

  private allow(room: RoomFunction, actions: string[], keys: readonly string[]): void {
    const resources = keys.map(key => this.bucket.arnForObjects(key))
    room.addToRolePolicy(new PolicyStatement({ actions, resources }))
  }
}

const wholeFolder = (folder: Folder) => `${folder}/*`

/** Tells EventBridge of each new object. The property that the CDK has for this would bring a Lambda function of its own. */
function publishEvents(bucket: Bucket): void {
  const { defaultChild } = bucket.node
  if (!(defaultChild instanceof CfnBucket)) throw new TypeError('A bucket is made of a CfnBucket')
  defaultChild.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } }
}
