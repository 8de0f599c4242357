import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type FunctionFault, type FunctionMessage, type InvokeMessage, PAYLOAD_LIMIT_BYTES } from './invocation.ts'

/**
 * The inside of a function's process, in the place of Lambda's Node runtime: loads the bundle that would be deployed, then runs
 * one invocation at a time. It ends when the stack that started it is gone; a signal from the terminal is the stack's to handle.
 */
process.on('SIGINT', () => {})
process.on('disconnect', () => process.exit())

function send(message: FunctionMessage): void {
  process.send?.(message, undefined, {}, error => {
    if (error !== null) process.exit(1)
  })
}

function faultOf(error: unknown): FunctionFault {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) }
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] }
}

/** Lambda looks for these, in this order. */
const extensions = ['', '.js', '.mjs', '.cjs']

async function loadHandler(): Promise<(event: unknown, context: unknown) => unknown> {
  const [file = '', exported = ''] = (process.env['_HANDLER'] ?? '').split(/\.(?=[^.]*$)/)
  const wanted = path.join(process.cwd(), file)
  const found = extensions.map(extension => wanted + extension).find(candidate => existsSync(candidate))
  if (found === undefined) throw new Error(`The bundle has no file ${file} (handler ${process.env['_HANDLER']}).`)
  const loaded: Record<string, unknown> = await import(pathToFileURL(found).href)
  const handler = loaded[exported]
  if (typeof handler !== 'function') throw new Error(`${file} exports no function named ${exported}.`)
  return (event, context) => handler(event, context)
}

function contextOf({ requestId, deadlineMs }: InvokeMessage) {
  const functionName = process.env['AWS_LAMBDA_FUNCTION_NAME'] ?? ''
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: process.env['ONLYTO_FUNCTION_ARN'] ?? '',
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'] ?? '',
    awsRequestId: requestId,
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'] ?? '',
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'] ?? '',
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadlineMs - Date.now())),
  }
}

async function invoke(handler: (event: unknown, context: unknown) => unknown, message: InvokeMessage): Promise<void> {
  const { requestId, event } = message
  const maxMemoryMb = () => Math.ceil(process.resourceUsage().maxRSS / 1024)
  try {
    const payload = JSON.stringify((await handler(event, contextOf(message))) ?? null)
    const bytes = Buffer.byteLength(payload)
    if (bytes > PAYLOAD_LIMIT_BYTES)
      throw new RangeError(`The answer has ${bytes} bytes; Lambda carries ${PAYLOAD_LIMIT_BYTES}.`)
    send({ kind: 'returned', requestId, payload, maxMemoryMb: maxMemoryMb() })
  } catch (error) {
    const fault = faultOf(error)
    console.error(`${new Date().toISOString()} ${requestId} ERROR Invoke Error ${JSON.stringify(fault)}`)
    send({ kind: 'threw', requestId, fault, maxMemoryMb: maxMemoryMb() })
  }
}

try {
  const handler = await loadHandler()
  process.on('message', (message: InvokeMessage) => void invoke(handler, message))
  send({ kind: 'ready' })
} catch (error) {
  console.error(error)
  send({ kind: 'init-failed', fault: faultOf(error) })
}
