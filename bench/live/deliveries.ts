import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { S3Client } from '@aws-sdk/client-s3'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { dynamoLedgerStore } from '../../functions/ledger/dynamo-ledger-store.ts'
import { factsByRecipient, foldDelivery } from '../../functions/ledger/fate.ts'
import { s3AudienceStore } from '../../functions/recipient/s3-audience-store.ts'
import { localCredentials } from '../../local/network-guard.ts'
import type { LocalStack } from '../../local/stack.ts'
import type { ListedDelivery } from './judgement.ts'

export interface ListedAudience {
  readonly noticeId: string
  readonly audienceId: string
  readonly digest: string
}

/** What the ledger says of each recipient of a notice, by address: the deliveries table, joined with the indexed audience. */
export async function listDeliveries(
  stack: LocalStack,
  { noticeId, audienceId, digest }: ListedAudience,
): Promise<ReadonlyMap<string, ListedDelivery>> {
  const { ledger, audiences } = storesOf(stack)
  const listed = new Map<string, ListedDelivery>()
  for (const [batch, slice] of (await audiences.readBatchSlices(audienceId, digest)).entries()) {
    const known = factsByRecipient(await ledger.readFacts(noticeId, batch))
    for (const { address, key } of await audiences.readRecipients(audienceId, slice)) {
      const { fate, sentAgain } = foldDelivery(known.get(key) ?? [])
      listed.set(address, { fate: fate.kind, sentAgain })
    }
  }
  return listed
}

/** OnlyTo's own stores over this stack's services: what they read is what the product would list. */
function storesOf({ deployment, endpoints }: LocalStack) {
  const { environment = {} } = deployment.functions.find(({ room }) => room === 'sender') ?? {}
  const setting = (name: string) => environment[name] ?? ''
  const client = { region: deployment.scope.region, credentials: localCredentials }
  const tables = new DynamoDBClient({ ...client, endpoint: endpoints['AWS_ENDPOINT_URL_DYNAMODB'] ?? '' })
  const objects = new S3Client({
    ...client,
    endpoint: endpoints['AWS_ENDPOINT_URL_S3'] ?? '',
    forcePathStyle: true,
  })
  return {
    ledger: dynamoLedgerStore(DynamoDBDocumentClient.from(tables), {
      noticesTable: setting('NOTICES_TABLE'),
      deliveriesTable: setting('DELIVERIES_TABLE'),
      deliveryRetentionDays: 1,
    }),
    audiences: s3AudienceStore(objects, setting('AUDIENCE_BUCKET')),
  }
}
