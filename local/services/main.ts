import '../network-guard.ts'
import * as z from 'zod'
import { startDynamoDb } from './dynamodb.ts'
import type { RunningService } from './loopback-server.ts'
import { type ObjectCreated, startS3 } from './s3.ts'
import type { HostedServices, ServiceReport } from './service-process.ts'
import { startSqs } from './sqs.ts'

/**
 * A process that hosts services: `main.ts '{"dynamodb":{}}'`. It tells its parent by IPC where they listen, passes on
 * object-created events, and ends when the parent does.
 */
const hostedServices = z.strictObject({
  dynamodb: z.strictObject({}).optional(),
  sqs: z.strictObject({ region: z.string() }).optional(),
  s3: z.strictObject({ directory: z.string().min(1), buckets: z.array(z.string()) }).optional(),
}) satisfies z.ZodType<HostedServices>

function report(message: ServiceReport): void {
  if (process.connected) process.send?.(message)
}

async function start(options: z.output<typeof hostedServices>): Promise<void> {
  const onObjectCreated = (objectCreated: ObjectCreated) => report({ objectCreated })
  const started: Record<string, Promise<RunningService>> = {}
  if (options.dynamodb) started['dynamodb'] = startDynamoDb()
  if (options.sqs) started['sqs'] = startSqs(options.sqs)
  if (options.s3) started['s3'] = startS3({ ...options.s3, onObjectCreated })
  const ready: Record<string, string> = {}
  for (const [name, service] of Object.entries(started)) ready[name] = (await service).endpoint
  report({ ready })
}

process.on('disconnect', () => process.exit(0))
if (!process.connected) process.exit(0)
process.on('uncaughtException', error => console.error('A local service failed inside and goes on:', error))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})

try {
  await start(hostedServices.parse(JSON.parse(process.argv[2] ?? '{}')))
} catch (error) {
  console.error('A local service did not start:', error)
  process.exit(1)
}
