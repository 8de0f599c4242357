import { SESv2Client } from '@aws-sdk/client-sesv2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plain } from '../../cli/terminal.ts'
import { systemClock } from '../../functions/runtime/clock.ts'
import { sesAccount } from '../../functions/ses/ses-account.ts'
import { localCredentials } from '../../local/network-guard.ts'
import { type LocalStack, startLocalStack } from '../../local/stack.ts'
import { runSmoke, type SmokeResult } from '../../smoke/run-smoke.ts'
import { strangers } from '../../smoke/simulator-audience.ts'
import type { SmokePorts } from '../../smoke/smoke-ports.ts'
import { allHold, phases } from '../../smoke/verdict.ts'
import { writeVerdicts } from '../../smoke/verdict-table.ts'
import { scriptedTerminal } from '../cli/scripted-terminal.ts'
import { deployedStack, identities, memoryStacks, memoryWatch } from './memory-aws.ts'

const RECIPIENTS = 100
const RATE = 50
const SENDER = 'notices@northgate.example'

/** The whole program on a real stack and its simulated SES; CloudFormation and CloudWatch in memory, metrics as printed. */
describe('A smoke test of a stack that works', () => {
  let stack: LocalStack
  const patience: SmokePorts['patience'] = {
    pollMs: 200,
    finishMs: 60_000,
    feedbackMs: 60_000,
    beforeStopMs: 5_000,
    stopReportMs: 20_000,
    quietMs: 1_500,
    metricsMs: 30_000,
    alarmsMs: 0,
  }
  const terminal = scriptedTerminal('y')
  const ports = (): SmokePorts => ({
    stacks: memoryStacks({
      OnlyTo: deployedStack(
        stack.apiUrl,
        stack.deployment.alarms.map(({ name }) => name),
      ),
    }),
    watch: memoryWatch(metric => stack.metrics().find(({ name }) => name === metric)?.sum ?? 0),
    identities: identities(['northgate.example']),
    account: sesAccount(
      new SESv2Client({ endpoint: stack.sesUrl, region: 'eu-west-1', credentials: localCredentials }),
    ),
    terminal,
    clock: systemClock,
    fetchFor: () => fetch,
    patience,
  })
  const acceptedBySes = async (): Promise<readonly string[]> => {
    const text = await (await fetch(`${stack.sesUrl}/_simulator/acceptances`)).text()
    return text
      .trim()
      .split('\n')
      .flatMap((line): readonly string[] => (line === '' ? [] : JSON.parse(line).to))
  }
  let result: SmokeResult

  beforeAll(async () => {
    stack = await startLocalStack({
      port: 0,
      context: { sender: SENDER, senderConcurrency: '2', share: '0.9' },
      prewarmSenders: 2,
      // Two seconds' worth at once: a computer that is busy elsewhere is no throttle.
      ses: { maxSendRate: RATE, max24HourSend: 2_000, bucketDepthSeconds: 2 },
      closeOnSignals: false,
    })
    result = await runSmoke(ports(), { stack: 'OnlyTo', recipients: RECIPIENTS, yes: false })
  }, 120_000)

  afterAll(() => stack?.close())

  it('goes through every phase, and all hold', () => {
    // How much of the rate is used, a busy computer decides.
    const broken = result.verdicts.filter(({ holds, what }) => !holds && what !== 'use of the rate granted')
    expect(broken, writeVerdicts(result.verdicts, plain)).toEqual([])
    expect(new Set(result.verdicts.map(({ phase }) => phase))).toEqual(new Set(phases))
  })

  it('asks before it sends, with how many messages it is and what they cost', () => {
    expect(terminal.asked).toEqual([
      expect.stringMatching(
        /^At most 600 messages go to SES's mailbox simulator and nobody else, .* at most about \$0\.\d\d\. Go on\? \[y\/N\] $/,
      ),
    ])
  })

  it('sends to nobody but the mailbox simulator', async () => {
    const accepted = await acceptedBySes()
    expect(accepted.length).toBeGreaterThan(RECIPIENTS)
    expect(strangers(accepted)).toBe(0)
  })

  it('sends nothing where the sender is not verified, and says so', async () => {
    const before = (await acceptedBySes()).length
    const refused = await runSmoke({ ...ports(), identities: identities([]) }, { stack: 'OnlyTo', yes: true })
    expect(allHold(refused.verdicts)).toBe(false)
    expect(refused.verdicts).toContainEqual(
      expect.objectContaining({ phase: 'sender', what: SENDER, figure: 'not verified', holds: false }),
    )
    expect((await acceptedBySes()).length).toBe(before)
  })

  it('sends nothing where the approved audience cannot be read back', async () => {
    const before = (await acceptedBySes()).length
    const withheld = (url: string, init: RequestInit) =>
      url.endsWith('/recipients-link') ? Promise.resolve(new Response('{}', { status: 403 })) : fetch(url, init)
    const options = { stack: 'OnlyTo', recipients: 4, yes: true }
    const { verdicts } = await runSmoke({ ...ports(), fetchFor: () => withheld }, options)
    expect(verdicts).toContainEqual(expect.objectContaining({ phase: 'audience', what: 'gone through', holds: false }))
    expect(verdicts.some(({ phase }) => phase === 'sending')).toBe(false)
    expect((await acceptedBySes()).length).toBe(before)
  })

  it('says so where there is no such stack, and sends nothing', async () => {
    const { verdicts } = await runSmoke(ports(), { stack: 'OtherTo', yes: true })
    expect(verdicts).toEqual([
      expect.objectContaining({ phase: 'stack', holds: false, figure: expect.stringContaining('no stack OtherTo') }),
    ])
  })

  it('sends nothing where somebody says no', async () => {
    const before = (await acceptedBySes()).length
    const no = await runSmoke({ ...ports(), terminal: scriptedTerminal('n') }, { stack: 'OnlyTo', yes: false })
    expect(no.confirmed).toBe(false)
    expect((await acceptedBySes()).length).toBe(before)
  })
})
