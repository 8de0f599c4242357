import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { ApiClient } from '../../cli/api-client.ts'
import { type AudienceReader, openAudience } from '../../cli/audience-reader.ts'
import { emptyEffort } from '../../functions/ledger/batch.ts'
import { countsOf } from '../../functions/ledger/counts.ts'
import type { Fact } from '../../functions/ledger/delivery.ts'
import { dynamoLedgerStore } from '../../functions/ledger/dynamo-ledger-store.ts'
import { localCredentials } from '../../local/network-guard.ts'
import type { LocalStack } from '../../local/stack.ts'

const SENT_AT_MS = Date.parse('2026-11-20T12:00:00Z')
const BATCHES_AT_ONCE = 8
/** One recipient in so many: failed, or was accepted and came back. */
const FAILED_EACH = 1000
const BOUNCED_EACH = 500

/** Writes what senders and SES's events would have written, had the notice been sent: three facts a recipient. */
export async function seedDeliveries(
  stack: LocalStack,
  client: ApiClient,
  { noticeId, batches }: { noticeId: string; batches: number },
): Promise<void> {
  const audience = await openAudience(client, noticeId)
  const remaining = Array.from({ length: batches }, (_, batch) => batch).values()
  const ledger = ledgerOf(stack)
  await Promise.all(
    Array.from({ length: BATCHES_AT_ONCE }, async () => {
      for (const batch of remaining) await seedBatch(ledger, audience, { noticeId, batch })
    }),
  )
}

async function seedBatch(
  ledger: ReturnType<typeof ledgerOf>,
  audience: AudienceReader,
  { noticeId, batch }: { noticeId: string; batch: number },
): Promise<void> {
  const recipients = (await audience.readBatches([batch])).get(batch) ?? []
  const facts = recipients.flatMap(({ key }, position) => factsOf(noticeId, batch, key, batch * 100 + position))
  await ledger.putFacts(facts)
  const owner = `seed-${batch}`
  const times = { nowMs: SENT_AT_MS, leaseMs: 1, settleDelayMs: 1 }
  await ledger.claim({ noticeId, run: 1, retryRun: undefined, batch, size: recipients.length, owner, ...times })
  await ledger.finish({ noticeId, batch, owner }, { ...countsOf(facts), ...emptyEffort }, 0)
}

function factsOf(noticeId: string, batch: number, recipientKey: string, number: number): Fact[] {
  const about = { noticeId, batch, recipientKey, attempt: 1, atMs: SENT_AT_MS + number + 0.123 }
  if (number % FAILED_EACH === 0) {
    const reason = 'SES refused the recipient: Email address is not verified.'
    return [{ ...about, fact: 'outcome', outcome: { kind: 'failed', reason, passing: true } }]
  }
  const messageId = `0107019a9f3c5d2e-${recipientKey}-${String(number).padStart(12, '0')}-000000`
  return [
    { ...about, fact: 'outcome', outcome: { kind: 'accepted', messageId } },
    { ...about, fact: 'send', messageId },
    number % BOUNCED_EACH === 1
      ? { ...about, fact: 'bounce', messageId, detail: 'Transient/MailboxFull' }
      : { ...about, fact: 'delivery', messageId },
  ]
}

function ledgerOf({ deployment, endpoints }: LocalStack) {
  const { environment = {} } = deployment.functions.find(({ room }) => room === 'sender') ?? {}
  const tables = new DynamoDBClient({
    region: deployment.scope.region,
    credentials: localCredentials,
    endpoint: endpoints['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
  })
  return dynamoLedgerStore(DynamoDBDocumentClient.from(tables, { marshallOptions: { removeUndefinedValues: true } }), {
    noticesTable: environment['NOTICES_TABLE'] ?? '',
    deliveriesTable: environment['DELIVERIES_TABLE'] ?? '',
    deliveryRetentionDays: 1,
  })
}
