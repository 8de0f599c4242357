import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyEffort } from '../../functions/ledger/batch.ts'
import { emptyCounts } from '../../functions/ledger/counts.ts'
import { dynamoBatches } from '../../functions/ledger/dynamo-batches.ts'
import { dynamoNoticeStore } from '../../functions/notice/dynamo-notice-store.ts'
import { systemRandom } from '../../functions/runtime/random.ts'
import { startDynamoDb } from '../../local/services/dynamodb.ts'
import { createTables } from '../../local/services/tables.ts'
import { draftNotice, readyAudience, usualOrder } from '../memory/sample-notice.ts'
import { deliveriesTable, noticesTable } from './tables.ts'

const external = process.env['AWS_ENDPOINT_URL_DYNAMODB']
const table = noticesTable.TableName

/**
 * A write whose answer is lost is repeated by the SDK, and meets its own success. Here every write happens twice, and the
 * store sees the second answer only.
 */
describe('A write whose answer was lost', () => {
  let close = async () => {}
  let client: DynamoDBDocumentClient
  let noticeId: string
  let count = 0
  const notices = () => dynamoNoticeStore(client, table, systemRandom)
  const approval = { by: 'bob', atMs: 5, contentDigest: 'content-digest', audienceDigest: 'audience-digest' }

  beforeAll(async () => {
    const embedded = external === undefined ? await startDynamoDb() : undefined
    close = async () => embedded?.close()
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    const endpoint = embedded?.endpoint ?? external ?? ''
    const raw = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials })
    await createTables(raw, [noticesTable, deliveriesTable])
    client = DynamoDBDocumentClient.from(raw, { marshallOptions: { removeUndefinedValues: true } })
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async call => {
          if (/^(Put|Update)/.test(commandName)) await next(call).catch(() => undefined)
          return next(call)
        },
      { step: 'initialize', priority: 'low' },
    )
  })
  afterAll(() => close())

  const started = async () => {
    noticeId = `n-lost-${process.pid}-${count++}`
    await notices().create(draftNotice({ noticeId }))
    await notices().expectAudience(noticeId, 'a-1', 'ada', 1)
    await notices().recordAudience(noticeId, readyAudience())
    await notices().approve(noticeId, approval)
    return notices().start(noticeId, usualOrder, 10)
  }

  it('starts, stops and resumes a notice once, and says so', async () => {
    expect(await started()).toMatchObject({ kind: 'changed', notice: { state: 'sending', run: 1 } })
    const stopped = await notices().stop(noticeId, { kind: 'operator', by: 'bob' }, 20)
    expect(stopped).toMatchObject({ kind: 'changed', notice: { state: 'stopped' } })
    expect(await notices().resume(noticeId, usualOrder, 30)).toMatchObject({ kind: 'changed', notice: { run: 2 } })
  })

  it('is told once in the history', async () => {
    await started()
    await notices().stop(noticeId, { kind: 'operator', by: 'bob' }, 20)
    await notices().resume(noticeId, usualOrder, 30)
    const leak = { rule: 'uninspected', field: 'body', excerpt: '', batch: 0, recipientKey: 'key', run: 2 } as const
    expect((await notices().stopLeaking(noticeId, leak, 40)).kind).toBe('changed')
    const actions = (await notices().read(noticeId))?.history.entries.map(({ action }) => action)
    expect(actions).toEqual(['upload', 'approve', 'start', 'stop', 'resume', 'stop'])
  })

  it('still refuses the start that comes second', async () => {
    await started()
    expect((await notices().start(noticeId, usualOrder, 11)).kind).toBe('conflict')
  })

  it('claims, finishes and releases a batch once, and says so', async () => {
    await started()
    const ledger = dynamoBatches(client, table)
    const claim = { noticeId, run: 1, retryRun: undefined, size: 10, leaseMs: 15_000, settleDelayMs: 5_000 }
    const progress = { ...emptyCounts, ...emptyEffort }
    const first = await ledger.claim({ ...claim, batch: 0, owner: 'a', nowMs: 1_000 })
    expect(first).toMatchObject({ kind: 'claimed', row: { attempt: 1 } })
    const over = await ledger.claim({ ...claim, batch: 0, owner: 'b', nowMs: 90_000 })
    expect(over).toMatchObject({ kind: 'claimed', row: { attempt: 2 }, previous: { owner: 'a' } })
    expect(await ledger.release({ noticeId, batch: 0, owner: 'b' }, progress, 0)).toEqual({ kind: 'changed' })
    await ledger.claim({ ...claim, batch: 0, owner: 'c', nowMs: 91_000 })
    expect(await ledger.finish({ noticeId, batch: 0, owner: 'c' }, progress, 2)).toEqual({ kind: 'changed' })
    expect(await ledger.readBatch(noticeId, 0)).toMatchObject({ state: 'done', attempt: 3 })
  })
})
