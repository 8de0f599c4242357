import { buildApp } from 'fauxqs'
import { endpointOf, type RunningService } from './loopback-server.ts'
import { USAGE_PATH, UsageMeter } from './usage-meter.ts'

/**
 * SQS in memory. fauxqs is built, not started by its own `startFauxqs`, which listens on every interface. Without a
 * `host` option it names queues after the Host header of CreateQueue, so queue URLs are on 127.0.0.1 too.
 */
export async function startSqs(
  options: { readonly region?: string; readonly port?: number } = {},
): Promise<RunningService> {
  const app = buildApp({ logger: false, ...(options.region === undefined ? {} : { defaultRegion: options.region }) })
  const meter = new UsageMeter()
  app.addHook('onRequest', async request => {
    const target = request.headers['x-amz-target']
    if (typeof target === 'string') meter.count(target.slice(target.indexOf('.') + 1))
  })
  app.get(USAGE_PATH, async () => meter.read())
  await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  return { endpoint: endpointOf(app.server.address()), close: () => app.close() }
}
