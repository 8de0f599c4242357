/** What every client of the SDK has of the stack that its calls pass. */
interface ClientWithMiddleware {
  readonly middlewareStack: { remove(name: string): boolean }
}

/**
 * Takes out the SDK's own logging, which copies each request field by field even when nobody listens, and which would put
 * addresses into a log if somebody did.
 */
export function withoutRequestLog<Client extends ClientWithMiddleware>(client: Client): Client {
  client.middlewareStack.remove('loggerMiddleware')
  return client
}
