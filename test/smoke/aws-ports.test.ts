import { createServer } from 'node:http'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CommandFailure } from '../../cli/command-failure.ts'
import { localCredentials } from '../../local/network-guard.ts'
import { quotaOf, sesIdentities } from '../../smoke/aws-ses.ts'
import { cloudFormationStacks } from '../../smoke/aws-stacks.ts'
import { cloudWatch } from '../../smoke/aws-watch.ts'

interface Call {
  readonly what: string
  readonly body: string
}
interface Answer {
  readonly status?: number
  readonly type?: string
  readonly body: string
}

/** AWS's wire formats, by an HTTP server that knows a few answers: what the SDK makes of them is the SDK's own. */
describe('What AWS answers', () => {
  const calls: Call[] = []
  let answers: Readonly<Record<string, Answer>> = {}
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const target = String(request.headers['x-amz-target'] ?? '').replace(/.*\./, '')
      const what = target || new URLSearchParams(body).get('Action') || `${request.method} ${request.url}`
      calls.push({ what, body })
      const { status = 200, type = '', body: text } = answers[what] ?? { status: 500, body: '' }
      response.writeHead(status, type === '' ? {} : { 'x-amzn-errortype': type }).end(text)
    })
  })
  let config: { endpoint: string; region: string; credentials: typeof localCredentials; maxAttempts: number }

  beforeAll(async () => {
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('The server has no port')
    const endpoint = `http://127.0.0.1:${address.port}`
    config = { endpoint, region: 'eu-west-1', credentials: localCredentials, maxAttempts: 1 }
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  const stacks = () => cloudFormationStacks(new CloudFormationClient(config))
  const watch = () => cloudWatch(new CloudWatchClient(config), () => 1_800_000_090_000)

  it('of a stack is its status, outputs and resources', async () => {
    answers = {
      DescribeStacks: {
        body: xml(
          'DescribeStacks',
          '<Stacks><member><StackName>OnlyTo</StackName><CreationTime>2026-11-21T05:00:00Z</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus><Outputs><member><OutputKey>ApiUrl</OutputKey><OutputValue>https://api.example.com/</OutputValue></member></Outputs></member></Stacks>',
        ),
      },
      ListStackResources: {
        body: xml(
          'ListStackResources',
          '<StackResourceSummaries><member><LogicalResourceId>AlarmsX1</LogicalResourceId><PhysicalResourceId>OnlyTo-AlarmsX1</PhysicalResourceId><ResourceType>AWS::CloudWatch::Alarm</ResourceType><LastUpdatedTimestamp>2026-11-21T05:00:00Z</LastUpdatedTimestamp><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member></StackResourceSummaries>',
        ),
      },
    }
    expect(await stacks().read('OnlyTo')).toEqual({
      status: 'UPDATE_COMPLETE',
      outputs: { ApiUrl: 'https://api.example.com/' },
      resources: [{ type: 'AWS::CloudWatch::Alarm', logicalId: 'AlarmsX1', physicalId: 'OnlyTo-AlarmsX1' }],
    })
  })

  it('of a stack that is not there is that it is not', async () => {
    answers = { DescribeStacks: refusal('ValidationError', 'Stack with id OnlyTo does not exist') }
    expect(await stacks().read('OnlyTo')).toBeUndefined()
  })

  it('to somebody without the right ends the phase with what to do', async () => {
    answers = { DescribeStacks: refusal('AccessDenied', 'User is not authorized') }
    const failure = await stacks()
      .read('OnlyTo')
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(CommandFailure)
    expect(failure).toMatchObject({ message: 'CloudFormation could not be asked: User is not authorized' })
  })

  it('of alarms is their state, why, and whether they tell anybody', async () => {
    const topic = ['arn:aws:sns:eu-west-1:111122223333:OnlyTo-Topic']
    answers = {
      DescribeAlarms: {
        body: JSON.stringify({
          MetricAlarms: [
            { AlarmName: 'a', StateValue: 'OK', StateReason: 'fine', ActionsEnabled: true, AlarmActions: topic },
            { AlarmName: 'b', StateValue: 'ALARM', StateReason: '1 >= 1', ActionsEnabled: false, AlarmActions: topic },
          ],
        }),
      },
    }
    expect(await watch().readAlarms(['a', 'b', 'c'])).toEqual([
      { name: 'a', state: 'OK', reason: 'fine', tells: true },
      { name: 'b', state: 'ALARM', reason: '1 >= 1', tells: false },
    ])
    expect(JSON.parse(calls.at(-1)?.body ?? '')).toMatchObject({ AlarmNames: ['a', 'b', 'c'] })
    calls.length = 0
    await watch().readAlarms(Array.from({ length: 101 }, (_, index) => `alarm-${index}`))
    expect(calls.length).toBe(2)
  })

  it('of a metric is the sum of its minutes since the test began', async () => {
    answers = { GetMetricStatistics: { body: JSON.stringify({ Datapoints: [{ Sum: 3 }, { Sum: 4 }] }) } }
    expect(await watch().sumSince('sender', 'Accepted', 1_800_000_030_000)).toBe(7)
    expect(JSON.parse(calls.at(-1)?.body ?? '')).toMatchObject({
      Namespace: 'OnlyTo',
      MetricName: 'Accepted',
      Dimensions: [{ Name: 'service', Value: 'sender' }],
      StartTime: 1_800_000_000,
      EndTime: 1_800_000_120,
    })
  })

  it('of a dashboard is whether it exists', async () => {
    answers = { GetDashboard: { body: JSON.stringify({ DashboardName: 'x', DashboardBody: '{}' }) } }
    expect(await watch().dashboardExists('x')).toBe(true)
    const body = JSON.stringify({
      __type: 'com.amazonaws.cloudwatch.v2010_08_01#DashboardNotFoundError',
      message: 'no',
    })
    answers = { GetDashboard: { status: 404, body } }
    expect(await watch().dashboardExists('x')).toBe(false)
  })

  it('of an identity is whether it may send, or that SES does not know it', async () => {
    const identity = (verified: boolean) => ({ body: JSON.stringify({ VerifiedForSendingStatus: verified }) })
    answers = {
      'GET /v2/email/identities/notices%40example.com': identity(true),
      'GET /v2/email/identities/example.com': identity(false),
      'GET /v2/email/identities/example.org': { status: 404, type: 'NotFoundException', body: '{}' },
    }
    const { maySend } = sesIdentities(config)
    expect(await maySend('notices@example.com')).toBe(true)
    expect(await maySend('example.com')).toBe(false)
    expect(await maySend('example.org')).toBeUndefined()
  })

  it('of the account is its quota', async () => {
    const body = {
      SendQuota: { MaxSendRate: 14, Max24HourSend: 50_000, SentLast24Hours: 7 },
      ProductionAccessEnabled: true,
    }
    answers = { 'GET /v2/email/account': { body: JSON.stringify(body) } }
    expect(await quotaOf(config).readQuota()).toMatchObject({ maxSendRate: 14, sentLast24Hours: 7 })
  })
})

const xml = (action: string, inner: string) =>
  `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${inner}</${action}Result></${action}Response>`

const refusal = (code: string, message: string): Answer => ({
  status: 400,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
})
