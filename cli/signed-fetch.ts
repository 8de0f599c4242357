import { createHash, createHmac } from 'node:crypto'
import { defaultProvider } from '@aws-sdk/credential-provider-node'
import { SignatureV4, type SignatureV4CryptoInit, type SignatureV4Init } from '@smithy/signature-v4'
import type { Fetch } from './api-client.ts'
import { CommandFailure } from './command-failure.ts'

/** Requests to a deployed API carry an AWS signature, made with the usual credentials; those to this computer need none. */
export function fetchFor(baseUrl: string, environment: NodeJS.ProcessEnv, fetch: Fetch = globalThis.fetch): Fetch {
  const { hostname } = new URL(baseUrl)
  if (['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return fetch
  return signedFetch(fetch, regionOf(hostname, environment), explainMissing(defaultProvider()))
}

/** `https://{id}.execute-api.{region}.amazonaws.com`; behind a domain name of its own, the region is the user's. */
export function regionOf(hostname: string, environment: NodeJS.ProcessEnv): string {
  const region = /\.execute-api\.([a-z0-9-]+)\.amazonaws\./.exec(hostname)?.[1] ?? environment['AWS_REGION']
  if (region !== undefined) return region
  throw new CommandFailure(`The AWS region of ${hostname} is not known.`, [
    'Set AWS_REGION to the region of the stack.',
  ])
}

type Credentials = SignatureV4Init['credentials']

export function signedFetch(fetch: Fetch, region: string, credentials: Credentials): Fetch {
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 })
  return async (url, init) => {
    const { protocol, hostname, pathname, searchParams } = new URL(url)
    const signed = await signer.sign({
      method: init.method ?? 'GET',
      protocol,
      hostname,
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: { ...Object.fromEntries(new Headers(init.headers)), host: new URL(url).host },
      body: init.body,
    })
    const { host: _, ...headers } = signed.headers
    return fetch(url, { ...init, headers })
  }
}

function explainMissing(provider: ReturnType<typeof defaultProvider>): Credentials {
  return async () => {
    try {
      return await provider()
    } catch (error) {
      throw new CommandFailure(
        `There are no usable AWS credentials: ${error instanceof Error ? error.message : error}`,
        ['Sign in (aws sso login), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.'],
      )
    }
  }
}

type Secret = ConstructorParameters<SignatureV4CryptoInit['sha256']>[0]

/** SHA-256 and HMAC-SHA-256 in the shape that the signer wants. */
class Sha256 {
  readonly #secret: Secret | undefined
  #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>

  constructor(secret?: Secret) {
    this.#secret = secret
    this.#hash = this.#begin()
  }

  update(data: Uint8Array): void {
    this.#hash.update(data)
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest())
  }

  reset(): void {
    this.#hash = this.#begin()
  }

  #begin() {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(this.#secret))
  }
}

function bytesOf(secret: NonNullable<Secret>): string | Uint8Array {
  if (typeof secret === 'string') return secret
  return ArrayBuffer.isView(secret)
    ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength)
    : new Uint8Array(secret)
}
