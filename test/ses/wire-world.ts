import { once } from 'node:events'
import { createServer } from 'node:http'
import { SESv2Client, type ServiceInputTypes } from '@aws-sdk/client-sesv2'
import { onTestFinished } from 'vitest'
import { InspectedMail } from '../../functions/leak-guard/inspected-mail.ts'
import { mailRequest } from '../../functions/ses/mail-request.ts'

export const recipient = 'jane.doe@example.com'
export const other = 'other.customer@example.org'
export const sender = 'notices@exchange.example'

export const request = mailRequest({
  from: { name: 'Börse “Beispiel” 👋', address: sender },
  to: recipient,
  replyTo: undefined,
  subject: 'Índice \u2028 \\ "quoted" '.replace('\u2028', ''),
  text: 'Dear Jane,\n\tall quiet. \u0000 \u2029 👍🏽',
  html: '<p>Dear Jane, &amp; all</p>',
  tags: { notice: 'n-1', batch: 3, attempt: 1, recipient: 'key' },
  configurationSet: 'notices',
})

export function inspectedMail(): InspectedMail {
  const verdict = InspectedMail.inspect(request, { recipient, noticeAddresses: new Set([sender]) })
  if (verdict.kind === 'refused') throw new Error(`${verdict.rule} in ${verdict.field}`)
  return verdict.mail
}

/** A server in place of SES, which keeps what reaches it. */
export async function listeningSes() {
  const arrived: { readonly path: string; readonly body: unknown }[] = []
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
    const text = Buffer.concat(chunks).toString()
    arrived.push({ path: incoming.url ?? '', body: text === '' ? undefined : JSON.parse(text) })
    response.setHeader('content-type', 'application/json')
    response.end('{"MessageId":"m-1"}')
  })
  let connections = 0
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  return { endpoint: `http://127.0.0.1:${address.port}`, arrived, connections: () => connections }
}

export function sesClientFor(endpoint: string, cacheMiddleware: boolean): SESv2Client {
  const client = new SESv2Client({
    endpoint,
    cacheMiddleware,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  })
  onTestFinished(() => client.destroy())
  return client
}

/** Later code that changes what is to be sent, before it is made into a request. */
export function changeInput(client: SESv2Client, change: (input: ServiceInputTypes) => void): void {
  client.middlewareStack.add(
    next => args => {
      change(args.input)
      return next(args)
    },
    { name: 'changesInput', step: 'initialize' },
  )
}

/** Later code that changes the request itself, at the last step that others have. */
export function changeRequest(client: SESv2Client, change: (request: Record<string, unknown>) => void): void {
  client.middlewareStack.add(
    next => args => {
      if (typeof args.request === 'object' && args.request !== null) {
        const changed: Record<string, unknown> = {}
        change(changed)
        Object.assign(args.request, changed)
      }
      return next(args)
    },
    { name: 'changesRequest', step: 'finalizeRequest', priority: 'low' },
  )
}
