import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { SendEmailCommand } from '@aws-sdk/client-sesv2'
import { expect, onTestFinished, test } from 'vitest'
import { runSimulator } from './running-simulator.ts'
import { sendEmailInput } from './send-email-input.ts'

interface Received {
  to: string[]
  data: string
}

/** The least SMTP server there is; it refuses recipients whose address begins with `no`. */
async function startInbox() {
  const inbox: Received[] = []
  const server = createServer(socket => {
    serve(socket, inbox).catch(() => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })
  const address = server.address()
  return { inbox, port: address === null || typeof address === 'string' ? 0 : address.port }
}

async function serve(socket: Socket, inbox: Received[]): Promise<void> {
  let message: Received = { to: [], data: '' }
  let isData = false
  socket.write('220 inbox.test\r\n')
  for await (const line of createInterface({ input: socket })) {
    if (isData && line !== '.') {
      message.data += `${line}\n`
    } else if (isData) {
      inbox.push(message)
      message = { to: [], data: '' }
      isData = false
      socket.write('250 kept\r\n')
    } else if (/^DATA/i.test(line)) {
      isData = true
      socket.write('354 go on\r\n')
    } else if (/^RCPT TO:<no/i.test(line)) {
      socket.write('550 no such user\r\n')
    } else {
      if (/^RCPT TO:/i.test(line)) message.to.push(line.slice(9, line.indexOf('>')))
      if (/^(RSET|MAIL)/i.test(line)) message.to = []
      socket.write('250 inbox.test\r\n')
    }
  }
}

test('every accepted message is relayed once, Bcc recipients in the envelope only', async () => {
  const { inbox, port } = await startInbox()
  const { client, control, close } = await runSimulator({ maxSendRate: 5_000, relay: { host: '127.0.0.1', port } })
  const addresses = Array.from({ length: 60 }, (_, index) => `a${index}@shop.example`)
  await Promise.all(
    addresses.map(BccAddress =>
      client.send(new SendEmailCommand(sendEmailInput('', { Destination: { BccAddresses: [BccAddress] } }))),
    ),
  )
  await expect.poll(async () => (await control('GET', 'stats')).body.relayed, { timeout: 10_000 }).toBe(60)
  await close()
  expect(inbox.flatMap(({ to }) => to).toSorted()).toEqual(addresses.toSorted())
  expect(inbox.every(({ data }) => data.includes('Subject: The index changes') && !/shop\.example/.test(data))).toBe(
    true,
  )
})

test('a message that the server refuses is counted, and the others go on', async () => {
  const { inbox, port } = await startInbox()
  const { client, control } = await runSimulator({ relay: { host: '127.0.0.1', port } })
  for (const to of ['no@shop.example', 'yes@shop.example']) await client.send(new SendEmailCommand(sendEmailInput(to)))
  await expect
    .poll(async () => (await control('GET', 'stats')).body, { timeout: 10_000 })
    .toMatchObject({ relayed: 1, relayFailed: 1 })
  expect(inbox.map(({ to }) => to)).toEqual([['yes@shop.example']])
})
