import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'

/** The tables as the stack makes them (test/cdk compares), for suites that need no stack. */
const keys = {
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
} as const

export const noticesTable = {
  TableName: 'contract-notices',
  KeySchema: [...keys.KeySchema],
  BillingMode: keys.BillingMode,
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'state', AttributeType: 'S' },
    { AttributeName: 'createdAtMs', AttributeType: 'N' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byState',
      KeySchema: [
        { AttributeName: 'state', KeyType: 'HASH' },
        { AttributeName: 'createdAtMs', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
} satisfies CreateTableCommandInput

export const deliveriesTable = {
  TableName: 'contract-deliveries',
  KeySchema: [...keys.KeySchema],
  BillingMode: keys.BillingMode,
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
} satisfies CreateTableCommandInput
