import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiClient } from '../../cli/api-client.ts'
import { prepareNotice, readForSending } from '../../cli/send-notice.ts'
import { systemClock } from '../../functions/runtime/clock.ts'
import { exampleNotice, expectFrom, provideAudienceFile } from '../../local/demo/demo-audience.ts'
import { brokenPromises } from '../../local/demo/demo-result.ts'
import { readSimulatorCounts, readWireMessages } from '../../local/demo/simulator-control.ts'
import { auditWire } from '../../local/demo/wire-audit.ts'
import { localCredentials } from '../../local/network-guard.ts'
import { alarmChanges, alarmedAtMs } from '../../local/runtime/alarm.ts'
import { metricSamples } from '../../local/runtime/alarm-samples.ts'
import { type LocalStack, startLocalStack } from '../../local/stack.ts'
import { quietTerminal } from './quiet-terminal.ts'

const RECIPIENTS = 900
const RATE = 300

/** The main job over the whole stack, as a user does it: the deployed bundles, real SDK calls, processes of their own. */
describe('A notice to everybody, stopped half-way and resumed', () => {
  let stack: LocalStack
  let noticeId: string
  let from: string
  let audienceFile: string
  let answeredAtMs = 0

  const client = () => createApiClient(stack.apiUrl, fetch)
  const acceptedBy = async (count: number) => {
    while ((await readSimulatorCounts(stack.sesUrl)).accepted < count) await systemClock.sleep(20)
  }

  beforeAll(async () => {
    audienceFile = await provideAudienceFile(RECIPIENTS)
    stack = await startLocalStack({
      port: 0,
      context: { share: '1', sender: 'notices@northgate.example', senderConcurrency: '2' },
      prewarmSenders: 2,
      ses: { maxSendRate: RATE },
      closeOnSignals: false,
    })
    const notice = await readForSending(exampleNotice, audienceFile)
    const sending = { client: client(), terminal: quietTerminal, clock: systemClock }
    const prepared = await prepareNotice(sending, notice, audienceFile)
    ;({ noticeId, from } = prepared)
    await client().start(noticeId)
    await acceptedBy(RECIPIENTS / 3)
    await client().stop(noticeId)
    answeredAtMs = Date.now()
  }, 120_000)

  afterAll(() => stack?.close())

  it('Stops: no call to SES starts later than a second after stop has returned', async () => {
    await systemClock.sleep(1_500)
    const text = await (await fetch(`${stack.sesUrl}/_simulator/acceptances`)).text()
    const accepted = text
      .trim()
      .split('\n')
      .map((line): { atMs: number } => JSON.parse(line))
    expect(Math.max(...accepted.map(({ atMs }) => atMs))).toBeLessThan(answeredAtMs + 1_000)
    expect(accepted.length).toBeLessThan(RECIPIENTS)
    const { state, planned, pending, ...fates } = await client().readStatus(noticeId)
    expect({ state, planned }).toEqual({ state: 'stopped', planned: RECIPIENTS })
    expect(fates.accepted + fates.rejected + fates.failed + fates.suppressed + fates.inDoubt + pending).toBe(planned)
    expect(fates.accepted).toBe(accepted.length)
    const { stop } = await client().readReport(noticeId)
    const after = accepted.filter(({ atMs }) => atMs > Date.parse(stop?.at ?? '')).length
    expect(stop).toMatchObject({ batchesUnreported: 0 })
    expect((stop?.inFlight ?? 0) + (stop?.after ?? 0)).toBeGreaterThanOrEqual(after)
    expect(stop?.lastCallAfterMs ?? 0).toBeLessThan(1_000)
  })

  it('Alone, accounted for, once: resumed, it ends with one message to each, and nobody else in it', async () => {
    await client().resume(noticeId)
    while ((await client().readStatus(noticeId)).state !== 'finished') await systemClock.sleep(100)
    const notice = await readForSending(exampleNotice, audienceFile)
    const result = {
      report: await client().readReport(noticeId),
      simulator: await readSimulatorCounts(stack.sesUrl),
      wire: await auditWire(readWireMessages(stack.sesUrl), await expectFrom(audienceFile, notice, from)),
    }
    expect(brokenPromises(result)).toEqual([])
    expect(result.wire).toMatchObject({ messages: RECIPIENTS, duplicates: 0, missing: 0, foreignAddresses: 0 })
    expect(result.report).toMatchObject({ state: 'finished', run: 2, accepted: RECIPIENTS, pending: 0 })
  }, 120_000)

  it('Private: no address of a recipient is in a table, a queue pointer or a log', async () => {
    const addresses = readFileSync(audienceFile, 'utf8')
      .split('\n')
      .slice(1)
      .map(line => line.split(',')[0]?.trim().toLowerCase() ?? '')
      .filter(address => /^[\w.+-]+@[\w.-]+$/.test(address))
    expect(addresses.length).toBeGreaterThan(RECIPIENTS / 2)
    const written = [await everyItem(stack), ...everyLog(stack)].join('\n').toLowerCase()
    expect(written).toContain(noticeId)
    expect(addresses.filter(address => written.includes(address))).toEqual([])
  })

  it('wakes nobody, and says each minute that it could', () => {
    const samples = everyLog(stack).flatMap(log => log.split('\n').flatMap(metricSamples))
    expect(samples.filter(({ name }) => name === 'Heartbeat').length).toBeGreaterThan(0)
    const [fromMs, untilMs] = [Math.min(...samples.map(({ atMs }) => atMs)), Date.now() + 300_000]
    // For silence this job is too short.
    const alarms = stack.deployment.alarms.filter(({ missingData }) => missingData !== 'breaching')
    const gone = alarms.filter(alarm => alarmedAtMs(alarmChanges(alarm, samples, { fromMs, untilMs })) !== undefined)
    expect(gone.map(({ name }) => name)).toEqual([])
  })
})

async function everyItem({ endpoints, deployment }: LocalStack): Promise<string> {
  const endpoint = endpoints['AWS_ENDPOINT_URL_DYNAMODB'] ?? ''
  const raw = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials: localCredentials })
  const tables = DynamoDBDocumentClient.from(raw)
  const pages: string[] = []
  for (const { create } of deployment.tables) {
    let ExclusiveStartKey: Record<string, unknown> | undefined
    do {
      const page = await tables.send(
        new ScanCommand({ TableName: create.TableName, ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
      )
      pages.push(JSON.stringify(page.Items))
      ExclusiveStartKey = page.LastEvaluatedKey
    } while (ExclusiveStartKey !== undefined)
  }
  return pages.join('\n')
}

/** The logs of OnlyTo's own functions; the simulator stands for SES, which must know the addresses. */
function everyLog({ logsDirectory }: LocalStack): readonly string[] {
  return readdirSync(logsDirectory)
    .filter(name => !name.startsWith('ses-'))
    .map(name => readFileSync(path.join(logsDirectory, name), 'utf8'))
}
