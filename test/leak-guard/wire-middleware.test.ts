import { GetAccountCommand, SendBulkEmailCommand } from '@aws-sdk/client-sesv2'
import { describe, expect, it } from 'vitest'
import { InspectedMail } from '../../functions/leak-guard/inspected-mail.ts'
import { sesMailer } from '../../functions/ses/ses-mailer.ts'
import { allowOnly, checkWire, GET_ACCOUNT } from '../../functions/ses/wire-check.ts'
import { inspectedMail, listeningSes, other, recipient, sesClientFor } from '../ses/wire-world.ts'

const operationRefused = { code: 'wire-refusal', finding: { rule: 'closed-request', field: 'operation', excerpt: '' } }

/** Code that is added to the client at its last step, and writes another address into what is sent. */
function changeLast(client: ReturnType<typeof sesClientFor>, priority: 'high' | 'normal' | 'low') {
  client.middlewareStack.add(
    next => args => {
      const { request } = args
      if (typeof request === 'object' && request !== null && 'body' in request) {
        const body = request.body instanceof Uint8Array ? new TextDecoder().decode(request.body) : String(request.body)
        Object.assign(request, { body: body.replaceAll(recipient, other) })
      }
      return next(args)
    },
    { name: `changes-${priority}`, step: 'deserialize', priority },
  )
}

describe('The wire of a client', () => {
  it.each(['high', 'normal'] as const)(
    'comes after everything else, also after a last step of %s priority',
    async priority => {
      const { endpoint, connections } = await listeningSes()
      const client = sesClientFor(endpoint, true)
      const mailer = sesMailer(client)
      changeLast(client, priority)
      expect(await mailer.send(inspectedMail())).toMatchObject({ kind: 'refused-by-guard', rule: 'right-recipient' })
      expect(connections()).toBe(0)
      expect(client.middlewareStack.identify().at(-1)).toBe('leakGuardWireCheck - deserialize')
    },
  )

  it('may be added twice', async () => {
    const { endpoint, arrived } = await listeningSes()
    const mailer = sesMailer(checkWire(checkWire(sesClientFor(endpoint, true))))
    expect(await mailer.send(inspectedMail())).toMatchObject({ kind: 'accepted' })
    expect(arrived).toHaveLength(1)
  })

  it('stops what only looks like an inspected mail', async () => {
    const { endpoint, connections } = await listeningSes()
    const mailer = sesMailer(sesClientFor(endpoint, true))
    const forged = Object.setPrototypeOf({ ...inspectedMail() }, InspectedMail.prototype)
    const refused = { kind: 'refused-by-guard', rule: 'uninspected', field: 'input', excerpt: '' }
    expect(await mailer.send(forged)).toEqual(refused)
    expect(connections()).toBe(0)
  })

  it('tells that an operation was not allowed', async () => {
    const { endpoint, connections } = await listeningSes()
    const bulk = new SendBulkEmailCommand({ DefaultContent: {}, BulkEmailEntries: [] })
    await expect(checkWire(sesClientFor(endpoint, true)).send(new GetAccountCommand({}))).rejects.toMatchObject(
      operationRefused,
    )
    await expect(allowOnly(GET_ACCOUNT, sesClientFor(endpoint, true)).send(bulk)).rejects.toMatchObject(
      operationRefused,
    )
    expect(connections()).toBe(0)
  })
})
