import { createServer } from 'node:net'

/** Somebody else listens where the API should. */
export class PortInUse extends Error {
  override readonly name = 'PortInUse'

  constructor(port: number, options?: ErrorOptions) {
    super(
      `Port ${port} of 127.0.0.1 is in use, perhaps by another local stack. ` +
        'End what listens there, or choose another port (npm start -- --port 4690).',
      options,
    )
  }
}

/** Fails before anything is started, if the port is taken. Port 0 is any free one. */
export async function refuseTakenPort(port: number): Promise<void> {
  if (port === 0) return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const probe = createServer()
  probe.once('error', error =>
    reject('code' in error && error.code === 'EADDRINUSE' ? new PortInUse(port, { cause: error }) : error),
  )
  probe.listen({ host: '127.0.0.1', port }, () => probe.close(() => resolve()))
  await promise
}
