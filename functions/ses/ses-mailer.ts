import { SESv2Client, SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-sesv2'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { SimpleMail } from '../leak-guard/simple-mail.ts'
import { withoutRequestLog } from '../runtime/aws-client.ts'
import { withoutAddresses } from '../runtime/log.ts'
import { dispositionOf } from './dispositions.ts'
import type { Mailer } from './mailer.ts'
import { checkWire, registerInput, WireRefusal } from './wire-check.ts'

const REQUEST_TIMEOUT_MS = 15_000
const CONNECTION_TIMEOUT_MS = 5_000
/** Calls in flight of one sender: a second's worth of slots, at SES's slowest. */
const SOCKETS = 400

/**
 * The only client that may send. One attempt, since a hidden retry is a hidden duplicate; and a time-out that throws, since
 * by default the SDK only warns. Its middleware is put in order once: nothing may be added after the first call.
 */
export function createSesClient(): SESv2Client {
  const requestHandler = new NodeHttpHandler({
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    httpAgent: { keepAlive: true, maxSockets: SOCKETS },
    httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
  })
  return checkWire(withoutRequestLog(new SESv2Client({ maxAttempts: 1, requestHandler, cacheMiddleware: true })))
}

/** The client must not have been used: what it sends is checked from its first call on. */
export function sesMailer(client: SESv2Client): Mailer {
  checkWire(client)
  return {
    send: async mail => {
      const { request } = mail
      const input = toInput(request)
      registerInput(input, mail)
      const answer = await client.send(new SendEmailCommand(input)).catch((error: unknown) => asError(error))
      if (answer instanceof WireRefusal) return { kind: 'refused-by-guard', ...answer.finding }
      if (!(answer instanceof Error)) {
        return answer.MessageId === undefined
          ? { kind: 'in-doubt', reason: 'SES answered without a message id' }
          : { kind: 'accepted', messageId: answer.MessageId }
      }
      const httpStatus = statusOf(answer)
      const [recipient] = request.Destination.ToAddresses
      const kind = dispositionOf({
        name: answer.name,
        text: answer.message,
        httpStatus,
        namesRecipient: answer.message.toLowerCase().includes(recipient.toLowerCase()),
      })
      const said = httpStatus === undefined ? 'no answer came' : answer.message
      return { kind, reason: withoutAddresses(`${answer.name}: ${said}`) }
    },
  }
}

function toInput(request: SimpleMail): SendEmailCommandInput {
  return {
    ...request,
    Destination: { ToAddresses: [...request.Destination.ToAddresses] },
    ReplyToAddresses: request.ReplyToAddresses && [...request.ReplyToAddresses],
    EmailTags: [...request.EmailTags],
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error)) return undefined
  const metadata = error.$metadata
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}
