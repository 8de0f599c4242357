import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { Construct } from 'constructs'

/** All that a room that only looks may do. */
export const readItems = ['dynamodb:GetItem', 'dynamodb:Query']
/** No room deletes; DynamoDB does when the retention ends. */
export const writeItems = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem']

/**
 * The two tables. `notices` holds notices, batches and the pacer; `deliveries` holds the facts about each recipient, by
 * recipient key, and forgets them after the retention. Neither holds an address.
 *
 * One region is one stack with its own SES quota, so these are plain tables and not global ones. Both outlive the stack.
 */
export class Tables extends Construct {
  readonly notices: Table
  readonly deliveries: Table

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.notices = new Table(this, 'Notices', kept)
    this.notices.addGlobalSecondaryIndex({
      indexName: 'byState',
      partitionKey: { name: 'state', type: AttributeType.STRING },
      sortKey: { name: 'createdAtMs', type: AttributeType.NUMBER },
      projectionType: ProjectionType.ALL,
    })
    this.deliveries = new Table(this, 'Deliveries', { ...kept, timeToLiveAttribute: 'expiresAt' })
  }
}

const kept = {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  sortKey: { name: 'sk', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  // Neither a person nor a later version of this stack deletes a table by mistake: both have to take this away first.
  deletionProtection: true,
  removalPolicy: RemovalPolicy.RETAIN,
}
