import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A running service: where it is, and how it ends. */
export interface RunningService {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly endpoint: string
  close(): Promise<void>
}

/**
 * Longer than any pause of a client, so that a kept-alive connection is never closed under a request that was just
 * sent.
 */
const KEEP_ALIVE_MS = 75_000

/** Listens on 127.0.0.1 only; port 0 takes a free one. */
export async function listenOnLoopback(server: Server, port = 0): Promise<RunningService> {
  server.keepAliveTimeout = KEEP_ALIVE_MS
  server.requestTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    endpoint: endpointOf(server.address()),
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export function endpointOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new TypeError('The server does not listen on a TCP port')
  return `http://${address.address}:${address.port}`
}
