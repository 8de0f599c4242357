import { rmSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CommandFailure } from '../../cli/command-failure.ts'
import { type LocalStack, startLocalStack } from '../stack.ts'
import type { DrillCase } from './drill-cases.ts'
import type { DrillOptions } from './drill-options.ts'
import { buildFaultySender } from './faulty-sender.ts'

/** A stack that goes on through all cases, each of which deploys a sender of its own. */
export interface DrillStack extends AsyncDisposable {
  readonly stack: LocalStack
  /** The file whose appearance begins the fault. */
  readonly signal: string
  deploy(drillCase: DrillCase): Promise<void>
  /** Has the logs stay when the stack is gone, and tells where. */
  keepLogs(): string
}

export const DRILL_SENDER = 'notices@northgate.example'
/** A burst that SES bears: a message to many counts for as many. Else the rate alone would turn leaks away. */
const BUCKET_DEPTH_SECONDS = 1

export async function startDrillStack(options: DrillOptions, note: (text: string) => void): Promise<DrillStack> {
  if (process.env['AWS_ENDPOINT_URL_SESV2'] !== undefined) {
    throw new CommandFailure('AWS_ENDPOINT_URL_SESV2 names another SES, to which the drill must not send.', [
      'Unset it: the drill sends to its own SES simulator.',
    ])
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'onlyto-drill-'))
  const signal = path.join(folder, 'begin')
  const bundleFolder = ({ name }: DrillCase) => path.join(folder, name)
  const { senders, rate, only, withoutGuard } = options
  const resources = new AsyncDisposableStack()
  let keeps = false
  process.once('exit', () => {
    if (!keeps) rmSync(folder, { recursive: true, force: true })
  })
  let ending = false
  process.once('SIGINT', () => {
    ending = true
  })
  try {
    const starting = startLocalStack({
      port: 0,
      context: { share: '1', sender: DRILL_SENDER, senderConcurrency: String(senders) },
      prewarmSenders: 0,
      stateDirectory: path.join(folder, 'state'),
      ses: { maxSendRate: rate, max24HourSend: -1, bucketDepthSeconds: BUCKET_DEPTH_SECONDS },
      onProblem: problem => {
        if (!ending) note(`  ${problem}`)
      },
    })
    resources.defer(async () => (await starting.catch(() => undefined))?.close())
    const [stack] = await Promise.all([
      starting,
      ...only.map(made => buildFaultySender(made, { outputFolder: bundleFolder(made), signal, withoutGuard })),
    ])
    const sender = stack.deployment.functions.find(({ room }) => room === 'sender')
    if (sender === undefined) throw new Error('The template has no sender.')
    return {
      stack,
      signal,
      deploy: async drillCase => {
        await rm(signal, { force: true })
        await copyFile(path.join(bundleFolder(drillCase), 'index.mjs'), path.join(sender.assetDirectory, 'index.mjs'))
        await stack.redeploy(sender.name, senders)
      },
      keepLogs: () => {
        keeps = true
        return stack.logsDirectory
      },
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    }
  } catch (error) {
    await resources.disposeAsync()
    throw error
  }
}
