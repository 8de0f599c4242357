interface ClientWithMiddleware {
  readonly middlewareStack: { remove(name: string): boolean }
}

/** Logging, headers that nobody reads, and signing: half of what a call costs. */
const unneeded = [
  'loggerMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'recursionDetectionMiddleware',
  'httpAuthSchemeMiddleware',
  'httpSigningMiddleware',
  // Of S3 alone.
  'regionRedirectMiddleware',
  'addExpectContinueMiddleware',
  's3ExpressMiddleware',
]

/** The client without the middleware that a simulated service does not need. */
export function leanMiddleware<Client extends ClientWithMiddleware>(client: Client): Client {
  for (const name of unneeded) client.middlewareStack.remove(name)
  return client
}
