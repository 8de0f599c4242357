interface ClientWithMiddleware {
  readonly middlewareStack: { remove(name: string): boolean }
  readonly config: object
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

/** What the SDK reads from its copies of a configuration, rather than from the configuration itself. */
const copied = ['endpointProvider', 'ignoreConfiguredEndpointUrls', 'serviceId']

/**
 * The SDK copies its configuration of some fifty members three times a call. Inherited members are not copied, and are there
 * all the same for whoever asks the configuration.
 */
export function leanConfig<Client extends ClientWithMiddleware>(client: Client): Client {
  const { config } = client
  const inherited = Object.create(Object.getPrototypeOf(config), Object.getOwnPropertyDescriptors(config))
  for (const name of Object.keys(config)) if (!copied.includes(name)) Reflect.deleteProperty(config, name)
  Object.setPrototypeOf(config, inherited)
  return client
}
