import { Duration } from 'aws-cdk-lib'
import { Rule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets'
import { Construct } from 'constructs'
import { audienceEnvironment } from '../functions/audience/env.ts'
import type { AudienceBucket } from './audience-bucket.ts'
import type { AudienceKeys } from './audience-keys.ts'
import type { StackInputs } from './inputs.ts'
import { RoomFunction } from './room-function.ts'
import type { Tables } from './tables.ts'

export interface AudienceProps {
  readonly tables: Tables
  readonly bucket: AudienceBucket
  readonly keys: AudienceKeys
  readonly inputs: StackInputs
}

/** Indexes each uploaded audience. Called once or more for an upload; indexing it again gives the same index. */
export class Audience extends Construct {
  constructor(scope: Construct, id: string, { tables, bucket, keys, inputs }: AudienceProps) {
    super(scope, id)
    const room = new RoomFunction(this, 'Function', {
      room: 'audience',
      description: 'Validates, normalises, de-duplicates and indexes an uploaded audience',
      schema: audienceEnvironment,
      environment: {
        NOTICES_TABLE: tables.notices.tableName,
        AUDIENCE_BUCKET: bucket.bucket.bucketName,
        AUDIENCE_KEY_ID: keys.currentKeyId,
        LANES: JSON.stringify(inputs.lanes),
        NODE_OPTIONS: '--max-semi-space-size=8',
      },
      timeout: Duration.minutes(15),
      // The least that comes with a whole processor: parsing and hashing are what takes the time.
      memoryMb: 1769,
    })
    tables.letChangeNotices(room)
    bucket.letRead(room, { uploads: 'The audience room indexes whichever upload S3 tells it of' })
    bucket.letWrite(room, { audiences: 'The audience room writes the index of each upload' })
    keys.letDerive(room)

    new Rule(this, 'Uploaded', {
      description: 'An audience was uploaded',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [bucket.bucket.bucketName] },
          // Without it the index that the function writes would call the function again.
          object: { key: [{ prefix: 'uploads/' }] },
        },
      },
      targets: [new LambdaFunction(room)],
    })
  }
}
