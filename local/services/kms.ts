import { createHmac, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { dirname } from 'node:path'
import * as z from 'zod'
import { listenOnLoopback, type RunningService } from './loopback-server.ts'

export interface KmsOptions {
  /** Made at the first start. Every key comes from it, so that a service that starts again has the same keys. */
  readonly rootKeyFile: string
  /** The HMAC keys that there are, by id. */
  readonly keyIds: readonly string[]
  readonly port?: number
}

const LARGEST_BODY_BYTES = 65_536
const ROOT_KEY_BYTES = 32
const MESSAGE_BYTES_MAX = 4_096

const generateMac = z.strictObject({
  KeyId: z.string().min(1),
  MacAlgorithm: z.literal('HMAC_SHA_256'),
  Message: z.base64(),
})

class KmsRefusal extends Error {
  readonly type: string

  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}

/** The one call of KMS that OnlyTo makes: GenerateMac, under keys that nobody can read from it. */
export async function startKms({ rootKeyFile, keyIds, port }: KmsOptions): Promise<RunningService> {
  const rootKey = openRootKey(rootKeyFile)

  function answer(operation: string | undefined, body: string): object {
    if (operation !== 'TrentService.GenerateMac') {
      throw new KmsRefusal('UnknownOperationException', `Only GenerateMac is known here, not ${operation}.`)
    }
    const { data, error } = generateMac.safeParse(parseJson(body))
    if (data === undefined) throw new KmsRefusal('ValidationException', z.prettifyError(error))
    const { KeyId, MacAlgorithm } = data
    const keyId = KeyId.split(':key/').at(-1) ?? ''
    if (!keyIds.includes(keyId)) throw new KmsRefusal('NotFoundException', `Key '${KeyId}' does not exist`)
    const message = Buffer.from(data.Message, 'base64')
    if (message.length === 0 || message.length > MESSAGE_BYTES_MAX) {
      throw new KmsRefusal('ValidationException', `A message has 1 to ${MESSAGE_BYTES_MAX} bytes.`)
    }
    const key = createHmac('sha256', rootKey).update(keyId).digest()
    return { KeyId, MacAlgorithm, Mac: createHmac('sha256', key).update(message).digest('base64') }
  }

  const server = createServer((request, response) => {
    bodyOf(request)
      .then(body => reply(response, 200, answer(request.headers['x-amz-target']?.toString(), body)))
      .catch((error: unknown) => refuse(response, error))
  })
  return listenOnLoopback(server, port)
}

function openRootKey(file: string): Buffer {
  mkdirSync(dirname(file), { recursive: true })
  try {
    writeFileSync(file, randomBytes(ROOT_KEY_BYTES), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const rootKey = readFileSync(file)
  if (rootKey.length === ROOT_KEY_BYTES) return rootKey
  throw new Error(`${file} is no key of the local KMS. Remove it, and whatever was indexed under it.`)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request) {
    const bytes: Buffer = piece
    size += bytes.length
    if (size <= LARGEST_BODY_BYTES) pieces.push(bytes)
  }
  if (size > LARGEST_BODY_BYTES) throw new KmsRefusal('ValidationException', 'The request is too large.')
  return Buffer.concat(pieces).toString()
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new KmsRefusal('SerializationException', 'The request is not JSON.')
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy()
  else if (error instanceof KmsRefusal) reply(response, 400, { __type: error.type, message: error.message })
  else reply(response, 500, { __type: 'KMSInternalException', message: String(error) })
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
}
