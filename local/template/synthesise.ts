import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { networkGuardArguments } from '../network-guard.ts'

const run = promisify(execFile)

/** Inputs that a local stack has unless told otherwise. Four senders use the whole of most rates without crowding two cores. */
export const localContext: Readonly<Record<string, string>> = {
  sender: 'notices@example.com',
  alarmEmail: 'ops@example.com',
  senderConcurrency: '4',
}

/**
 * Writes the cloud assembly that `cdk deploy` would deploy. A process of its own does it: the CDK takes seconds and hundreds
 * of megabytes, and this one has other things to start meanwhile.
 */
export async function synthesise(context: Readonly<Record<string, string>>, outdir: string): Promise<void> {
  const script = fileURLToPath(new URL('synthesis-process.ts', import.meta.url))
  const inputs = JSON.stringify({ context: { ...localContext, ...context }, outdir })
  try {
    await run(process.execPath, [...networkGuardArguments, script, inputs], { maxBuffer: 64 * 1024 * 1024 })
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error)
    throw new Error(`The stack could not be synthesised.\n${said}`, { cause: error })
  }
}
