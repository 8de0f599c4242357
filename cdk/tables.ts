import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import type { RoomFunction } from './room-function.ts'

/** All that a room that only looks may do. */
const readItems = ['dynamodb:GetItem', 'dynamodb:Query']
/** No room deletes; DynamoDB does when the retention ends. */
const writeItems = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem']
const byState = 'byState'

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
      indexName: byState,
      partitionKey: { name: 'state', type: AttributeType.STRING },
      sortKey: { name: 'createdAtMs', type: AttributeType.NUMBER },
      projectionType: ProjectionType.ALL,
    })
    this.deliveries = new Table(this, 'Deliveries', { ...kept, timeToLiveAttribute: 'expiresAt' })
  }

  letChangeNotices(room: RoomFunction): void {
    allow(room, [...readItems, ...writeItems], this.notices.tableArn)
  }

  /** The notices of a state, which is what the index is for. */
  letListNotices(room: RoomFunction): void {
    allow(room, ['dynamodb:Query'], `${this.notices.tableArn}/index/${byState}`)
  }

  letChangeDeliveries(room: RoomFunction): void {
    allow(room, [...readItems, ...writeItems], this.deliveries.tableArn)
  }

  letReadDeliveries(room: RoomFunction): void {
    allow(room, ['dynamodb:Query'], this.deliveries.tableArn)
  }
}

/** Rather than by `grant`, which adds every index that there will be. */
function allow(room: RoomFunction, actions: string[], resource: string): void {
  room.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] }))
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
