import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterEach, expect, test } from 'vitest'
import { localCredentials } from '../../../local/network-guard.ts'
import {
  type EmbeddedServices,
  type EmbeddedServicesOptions,
  type ObjectCreated,
  startEmbeddedServices,
} from '../../../local/services/embedded-services.ts'

const started: EmbeddedServices[] = []
const directories: string[] = []
afterEach(async () => {
  for (const services of started.splice(0).reverse()) await services.close()
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true })
})

async function start(options: Partial<EmbeddedServicesOptions> = {}) {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'onlyto-services-'))
  directories.push(stateDirectory)
  const services = await startEmbeddedServices({
    stateDirectory,
    buckets: ['audience'],
    tables: [
      {
        TableName: 'notices',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      },
    ],
    queues: [{ name: 'batches', visibilityTimeoutSeconds: 60 }],
    onObjectCreated: () => {},
    environment: {},
    ...options,
  })
  started.push(services)
  return services
}

const common = { region: 'eu-west-1', credentials: localCredentials }

async function putUpload(services: EmbeddedServices, Key: string) {
  const client = new S3Client({ endpoint: services.endpoints.AWS_ENDPOINT_URL_S3, ...common })
  await client.send(new PutObjectCommand({ Bucket: 'audience', Key, Body: 'email\n' }))
  client.destroy()
}

/** The local addresses, in the kernel's hexadecimal form, on which a process listens. */
async function listeningAddresses(pid: number): Promise<string[]> {
  const links = await Promise.all(
    (await readdir(`/proc/${pid}/fd`)).map(fd => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')),
  )
  const inodes = new Set(links.map(link => /^socket:\[(\d+)\]$/.exec(link)?.[1]))
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map(table => readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '')),
  )
  const rows = tables.flatMap(table => table.split('\n').slice(1)).map(row => row.trim().split(/\s+/))
  return rows.filter(row => row[3] === '0A' && inodes.has(row[9])).map(row => row[1]?.split(':')[0] ?? '')
}

test('everything is there once it has started', async () => {
  const events: ObjectCreated[] = []
  const services = await start({ onObjectCreated: event => events.push(event) })
  const tables = new DynamoDBClient({ endpoint: services.endpoints.AWS_ENDPOINT_URL_DYNAMODB, ...common })
  const { Table } = await tables.send(new DescribeTableCommand({ TableName: 'notices' }))
  expect(Table?.TableStatus).toBe('ACTIVE')
  const queues = new SQSClient({ endpoint: services.endpoints.AWS_ENDPOINT_URL_SQS, ...common })
  await queues.send(new SendMessageCommand({ QueueUrl: services.queueUrls['batches'], MessageBody: 'pointer' }))
  await putUpload(services, 'uploads/a.csv')
  await expect.poll(() => events).toMatchObject([{ bucket: 'audience', key: 'uploads/a.csv', size: 6 }])
  tables.destroy()
  queues.destroy()
})

test.runIf(process.platform === 'linux')('nothing listens beyond 127.0.0.1', async () => {
  const services = await start()
  const addresses = await Promise.all(services.pids.map(listeningAddresses))
  expect(addresses.map(found => found.length)).toEqual([1, 2])
  expect(new Set(addresses.flat())).toEqual(new Set(['0100007F']))
})

test('services that run elsewhere on this computer are used instead, and given what they lack', async () => {
  const outside = await start({ buckets: ['audience'], tables: [], queues: [] })
  const events: ObjectCreated[] = []
  await putUpload(outside, 'uploads/earlier.csv')
  const services = await start({ environment: { ...outside.endpoints }, onObjectCreated: event => events.push(event) })
  expect(services.pids).toEqual([])
  expect(services.endpoints).toEqual(outside.endpoints)
  expect(services.queueUrls['batches']?.startsWith(outside.endpoints.AWS_ENDPOINT_URL_SQS)).toBe(true)
  await putUpload(services, 'uploads/later.csv')
  await expect.poll(() => events, { timeout: 5000 }).toMatchObject([{ key: 'uploads/later.csv', size: 6 }])
})

test('an external service that is not on this computer is refused by name', async () => {
  const environment = { AWS_ENDPOINT_URL_SQS: 'https://sqs.eu-west-1.amazonaws.com' }
  await expect(start({ environment })).rejects.toThrow('AWS_ENDPOINT_URL_SQS is https://sqs.eu-west-1')
})

test('a service that cannot start is an error, and leaves no process behind', async () => {
  await expect(start({ stateDirectory: '/dev/null' })).rejects.toThrow('sqs, s3 ended with status 1')
})

test('after close no process is left', async () => {
  const services = await start()
  await services.close()
  for (const pid of services.pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})
