import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { localEnvironment, networkGuardArguments } from '../network-guard.ts'
import type { ObjectCreated } from './s3.ts'

/** What a service process is asked to host. */
export interface HostedServices {
  readonly dynamodb?: Record<never, never> | undefined
  readonly sqs?: { readonly region: string } | undefined
  readonly s3?: { readonly directory: string; readonly buckets: readonly string[] } | undefined
}

/** What a service process tells its parent. */
export type ServiceReport =
  | { readonly ready: Readonly<Record<string, string>> }
  | { readonly objectCreated: ObjectCreated }

export interface ServiceProcess {
  readonly pid: number
  /** By the names of `HostedServices`. */
  readonly endpoints: Readonly<Record<string, string>>
  close(): Promise<void>
}

const LONGEST_CLOSE_MS = 3000

/** Starts a process that hosts the services, and resolves when all of them listen. */
export async function startServiceProcess(
  services: HostedServices,
  options: { readonly region: string; readonly onObjectCreated?: (event: ObjectCreated) => void },
): Promise<ServiceProcess> {
  const child = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), [JSON.stringify(services)], {
    env: localEnvironment(options.region),
    execArgv: [...networkGuardArguments],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const names = Object.keys(services).filter(name => Reflect.get(services, name) !== undefined)
  let closing = false
  const endpoints = await new Promise<Readonly<Record<string, string>>>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      const ended = `The process of ${names.join(', ')} ended with status ${code ?? signal}`
      reject(new Error(ended))
      if (!closing) console.error(`${ended}; restart the local stack.`)
    })
    child.on('message', (message: ServiceReport) => {
      if ('ready' in message) resolve(message.ready)
      else options.onObjectCreated?.(message.objectCreated)
    })
  })
  return {
    pid: child.pid ?? 0,
    endpoints,
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      closing = true
      const exited = once(child, 'exit')
      child.disconnect()
      const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_CLOSE_MS)
      await exited
      clearTimeout(late)
    },
  }
}
