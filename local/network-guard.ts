import dgram from 'node:dgram'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { devNull } from 'node:os'

/**
 * Keeps every call of this process on this computer: a connection, datagram or name lookup for anything but loopback
 * fails at once, before a DNS query, so that no local run can reach the real AWS whatever its configuration says.
 * Preload it (`networkGuardArguments`) or import it; it works from then on and
 * cannot be undone.
 */
export class OutsideCallRefused extends Error {
  override readonly name = 'OutsideCallRefused'
  readonly code = 'ERR_OUTSIDE_THIS_COMPUTER'

  constructor(target: string) {
    super(
      `Refused to reach ${target}: the local stack never leaves this computer. ` +
        'Give the client an endpoint on 127.0.0.1 (AWS_ENDPOINT_URL_<SERVICE>, or the queue URL that the stack printed).',
    )
  }
}

/** For `fork` and `spawn`: what makes a Node process refuse outside calls from its first line on. */
export const networkGuardArguments: readonly string[] = ['--import', import.meta.url]

const loopback = new net.BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** True for 127.0.0.0/8, ::1 (bare or in URL brackets) and the name localhost. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  const family = net.isIP(bare)
  if (family === 0) return bare === 'localhost'
  return loopback.check(bare, family === 6 ? 'ipv6' : 'ipv4')
}

/** Worth nothing outside; what the local S3 checks presigned URLs against. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const

const NOWHERE = 'http://127.0.0.1:1'

/**
 * The environment of a process of the local stack: the caller's, without its AWS settings and proxies, and with
 * credentials that are worth nothing. A client without an endpoint of its own meets a closed port.
 */
export function localEnvironment(
  region = 'eu-west-1',
  inherited: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const kept = Object.entries(inherited).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^AWS_|_proxy$|^NODE_USE_ENV_PROXY$/i.test(entry[0]),
  )
  return {
    ...Object.fromEntries(kept),
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_ENDPOINT_URL: NOWHERE,
  }
}

/** `Socket.connect` takes (port, host), (path), (options), or an array that holds the options first. */
function targetOf(args: readonly unknown[]): { host: string; port: string } | 'local path' {
  const [first, second] = args
  if (Array.isArray(first)) return targetOf(first)
  if (typeof first === 'object' && first !== null) {
    if ('path' in first && typeof first.path === 'string') return 'local path'
    const host = 'host' in first && first.host ? String(first.host) : 'localhost'
    return { host, port: 'port' in first ? String(first.port) : '' }
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return 'local path'
  return { host: typeof second === 'string' && second !== '' ? second : 'localhost', port: String(first) }
}

/** A lookup of the caller's own could answer any address for `localhost`. */
function withoutLookup(args: readonly unknown[]): readonly unknown[] {
  const [first, ...rest] = args
  if (Array.isArray(first)) return [Object.assign(first, withoutLookup(first)), ...rest]
  return typeof first === 'object' && first !== null ? [{ ...first, lookup: undefined }, ...rest] : args
}

/** The socket fails like one whose name was not found: later, so that its owner has begun to listen for errors. */
function refusedConnection(error: OutsideCallRefused): net.TcpSocketConnectOpts {
  return {
    host: 'refused.invalid',
    port: 1,
    lookup: (_host, _options, done) => void setImmediate(() => done(error, [])),
  }
}

function guardSockets(): void {
  const connect = net.Socket.prototype.connect
  net.Socket.prototype.connect = function guarded(this: net.Socket, ...args: unknown[]) {
    const target = targetOf(args)
    if (target === 'local path') return Reflect.apply(connect, this, args)
    if (isLoopback(target.host)) return Reflect.apply(connect, this, withoutLookup(args))
    return Reflect.apply(connect, this, [refusedConnection(new OutsideCallRefused(`${target.host}:${target.port}`))])
  }
}

function guardDatagrams(): void {
  for (const method of ['send', 'connect'] as const) {
    const original: (...args: never[]) => unknown = dgram.Socket.prototype[method]
    const guarded = function (this: dgram.Socket, ...args: unknown[]) {
      const address = args.slice(1).find(argument => typeof argument === 'string')
      if (typeof address === 'string' && !isLoopback(address)) throw new OutsideCallRefused(address)
      return Reflect.apply(original, this, args)
    }
    Object.defineProperty(dgram.Socket.prototype, method, { value: guarded, writable: true, configurable: true })
  }
}

type NameLookup = (name: unknown, ...rest: unknown[]) => unknown

/** Replaces each lookup of `holder`; `refuse` is how that holder reports a failure. */
function guardLookups(holder: object, refuse: (error: Error, rest: unknown[]) => unknown): void {
  for (const method of Object.getOwnPropertyNames(holder)) {
    if (!/^(lookup$|resolve|reverse$)/.test(method)) continue
    const original: unknown = Reflect.get(holder, method)
    if (typeof original !== 'function') continue
    const guarded: NameLookup = function (this: unknown, name, ...rest) {
      if (name === undefined || name === null || name === '' || isLoopback(String(name))) {
        return Reflect.apply(original, this, [name, ...rest])
      }
      return refuse(new OutsideCallRefused(String(name)), rest)
    }
    Object.defineProperty(holder, method, { value: guarded, writable: true, configurable: true, enumerable: true })
  }
}

function refuseByCallback(error: Error, rest: unknown[]): void {
  const callback = rest.at(-1)
  if (typeof callback !== 'function') throw error
  process.nextTick(() => Reflect.apply(callback, undefined, [error]))
}

guardSockets()
guardDatagrams()
for (const holder of [dns, dns.Resolver.prototype]) guardLookups(holder, refuseByCallback)
for (const holder of [dns.promises, dns.promises.Resolver.prototype])
  guardLookups(holder, error => Promise.reject(error))
syncBuiltinESMExports()
