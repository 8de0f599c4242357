import { fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { isLoopback, localEnvironment, networkGuardArguments } from '../network-guard.ts'
import type { SesSimulatorOptions } from '../ses-simulator/options.ts'
import type { Deployment } from '../template/deployment.ts'

/** How long the simulator may take to publish what is left before it is ended. */
const CLOSE_TIMEOUT_MS = 2_000

const announcement = z.object({ url: z.url() })

export interface SimulatorProcess {
  readonly url: string
  close(): Promise<void>
}

/** What the template says about SES, as the simulator wants it. */
export function simulatorWiring(
  { scope, eventQueues, configurationSets }: Deployment,
  queueUrls: Readonly<Record<string, string>>,
): SesSimulatorOptions {
  return {
    region: scope.region,
    configurationSets: [...configurationSets],
    eventQueues: eventQueues.map(({ configurationSet, queueName, eventTypes, raw }) => ({
      configurationSet,
      queueUrl: queueUrls[queueName] ?? '',
      eventTypes: [...eventTypes],
      raw,
    })),
  }
}

/** The SES to use in the simulator's place, if the caller names one. */
export function externalSes(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  const url = environment['AWS_ENDPOINT_URL_SESV2'] || undefined
  if (url === undefined || (URL.canParse(url) && isLoopback(new URL(url).hostname))) return url
  throw new TypeError(
    `AWS_ENDPOINT_URL_SESV2 is ${url}: the local stack never leaves this computer. ` +
      'Give it a URL on 127.0.0.1, or unset it to use the SES simulator.',
  )
}

/** Starts the SES simulator in a process of its own, and resolves once it listens. */
export async function startSimulatorProcess(options: SesSimulatorOptions, logs: string): Promise<SimulatorProcess> {
  const main = fileURLToPath(new URL('../ses-simulator/main.ts', import.meta.url))
  const log = openSync(path.join(logs, 'ses-simulator.log'), 'a')
  const child = fork(main, [JSON.stringify(options)], {
    env: localEnvironment(options.region),
    execArgv: [...networkGuardArguments],
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  const exited = once(child, 'exit')
  const ended = exited.then(([status]) => {
    throw new Error(`The SES simulator ended with status ${status}; its log is in ${logs}.`)
  })
  ended.catch(() => undefined)
  const [message] = await Promise.race([once(child, 'message'), ended])
  const { url } = announcement.parse(message)
  return {
    url,
    close: async () => {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_TIMEOUT_MS)
      await exited
      clearTimeout(timer)
    },
  }
}
