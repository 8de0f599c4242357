import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localCredentials } from '../../../local/network-guard.ts'
import { startHttpApi } from '../../../local/runtime/http-api.ts'
import { collectFiles } from './collect-files.ts'
import { customer } from './customers.ts'
import { Evidence, findLeaks, type Place, places } from './evidence.ts'
import { FormFinder } from './find-forms.ts'
import { operatorAt } from './operator.ts'
import { collectDeadLetters, collectTables, recordInvocation } from './private-stack.ts'
import { recordApi } from './record-api.ts'
import { type RecordedServices, recordServices } from './record-services.ts'

const { address } = customer(8)
const hidden = encodeURIComponent(address)
const finder = new FormFinder([customer(8)])
const scope = {
  partition: 'aws',
  region: 'eu-west-1',
  accountId: '000000000000',
  urlSuffix: 'amazonaws.com',
  stackName: 'OnlyTo',
}
const routes = [
  { routeKey: 'GET /notices/{noticeId}', functionName: 'Api', authorization: 'NONE', timeoutMs: 5_000 },
] as const
const tables = [{ create: { TableName: 'Notices' } }]
const letters = { name: 'SenderDeadLetters', maxReceiveCount: 3 }

/** An address is put into each kind of place, by the way that texts get there. */
describe('An address that is planted is found', () => {
  let services: RecordedServices
  let dynamodb: DynamoDBClient
  let sqs: SQSClient
  let folder: string
  const evidence = new Evidence()
  const client = (endpoint: string) => ({ endpoint, region: 'eu-west-1', credentials: localCredentials })

  beforeAll(async () => {
    services = await recordServices(evidence)
    dynamodb = new DynamoDBClient(client(services.tables.url))
    sqs = new SQSClient({ ...client(services.queues.url), useQueueUrlAsEndpoint: false })
    folder = mkdtempSync(path.join(tmpdir(), 'onlyto-planted-'))
    await dynamodb.send(
      new CreateTableCommand({
        TableName: 'Notices',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      }),
    )
  })

  afterAll(async () => {
    dynamodb.destroy()
    sqs.destroy()
    rmSync(folder, { recursive: true, force: true })
    await services.close()
  })

  const queue = async (QueueName: string, MessageBody: string): Promise<string> => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }))
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }))
    return QueueUrl
  }
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), text)
  }
  const put = (value: string) =>
    dynamodb.send(new PutItemCommand({ TableName: 'Notices', Item: { pk: { S: 'n-1' }, reason: { S: value } } }))
  const asked = async (format: string) => {
    const answer = { kind: 'returned', payload: JSON.stringify({ statusCode: 404, body: `no ${address}` }) } as const
    const api = await startHttpApi(0, Promise.resolve({ routes: [...routes], scope, invoke: async () => answer }))
    const recorded = await recordApi(evidence, { url: api.endpoint, routes: [...routes], accessLogFormat: format })
    await (await fetch(`${recorded.url}/notices/${hidden}`)).text()
    await recorded.close()
    await api.close()
  }

  const plants: Readonly<Record<Place, () => unknown>> = {
    'table write': () => put(Buffer.from(`to ${address}`).toString('base64')),
    'table item': async () => {
      await put(hidden)
      await collectTables(evidence, services.tables.url, tables)
    },
    'queue message': () => queue('SenderBatches', JSON.stringify({ to: hidden })),
    'dead letter': async () => {
      const url = await queue(letters.name, address)
      await collectDeadLetters(evidence, services.queues.url, [{ deadLetterQueue: letters }], { [letters.name]: url })
    },
    'function log': () => write('logs/sender.log', `{"message":"x"}\nTypeError: ${hidden}\n`),
    invocation: () =>
      recordInvocation(evidence, {
        room: 'dispatcher',
        event: { noticeId: address },
        invocation: { kind: 'returned', payload: 'null' },
      }),
    'API answer': () => asked('{}'),
    'access log': () => asked('{"requestId":"$context.requestId","path":"$context.path"}'),
    'stored object': () => write(`s3/7-bucket%2Fcontent%2F${hidden}`, '{}'),
    template: () => write('assembly/OnlyTo.template.json', JSON.stringify({ AlarmDescription: `Ask ${address}` })),
    'state file': () => write('kms/root-key', address),
    terminal: () => operatorAt('http://127.0.0.1:1', evidence).run('send', address, '--audience', 'none', '--yes'),
  }

  it.each(Object.entries(plants))('%s', async (place, plant) => {
    evidence.writings.length = 0
    await plant()
    collectFiles(evidence, folder, wanted => wanted === place)
    const found = findLeaks(evidence.writings, finder)
    expect(found.filter(leak => leak.startsWith(`${place} (`))).not.toEqual([])
    expect(Object.keys(places)).toContain(place)
  })

  it('and not where it belongs: in the bucket, in what SES keeps, and in its events', async () => {
    evidence.writings.length = 0
    write('s3/8-bucket%2Fuploads%2Fn-1%2Fa-1', address)
    write('s3/9-bucket%2Faudiences%2Fa-1%2Frecipients.ndjson', address)
    write('ses/messages.ndjson', address)
    await queue('FeedbackEvents', address)
    recordInvocation(evidence, {
      room: 'feedback',
      event: { Records: [{ body: address }] },
      invocation: { kind: 'returned', payload: 'null' },
    })
    collectFiles(evidence, folder, place => place === 'stored object')
    expect(
      findLeaks(
        evidence.writings.filter(({ where }) => !where.includes('content')),
        finder,
      ),
    ).toEqual([])
  })
})
