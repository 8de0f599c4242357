import { isDeepStrictEqual } from 'node:util'
import type { SESv2Client } from '@aws-sdk/client-sesv2'
import { InspectedMail } from '../leak-guard/inspected-mail.ts'
import { misshapenBy } from '../leak-guard/leak-guard.ts'
import type { Finding, LeakRule } from '../leak-guard/rules.ts'
import { Defect } from '../runtime/defect.ts'

/** A call that was stopped on its way to SES: nothing of it has left. */
export class WireRefusal extends Defect {
  readonly finding: Finding

  constructor(finding: Finding) {
    super('wire-refusal', `A request to SES was stopped: ${finding.rule} in ${finding.field}`)
    this.finding = finding
  }
}

const SEND_EMAIL = 'POST /v2/email/outbound-emails'
export const GET_ACCOUNT = 'GET /v2/email/account'
const inspectedInputs = new WeakMap<object, InspectedMail>()

/** Lets the wire know from which inspected mail an input of SendEmail was made. One that no guard has made does not count. */
export function registerInput(input: object, mail: InspectedMail): void {
  if (InspectedMail.isGenuine(mail)) inspectedInputs.set(input, mail)
}

/**
 * The last wall, which trusts no code before it: middleware that stands next to the transport, after signing, and reads the bytes that
 * would leave. They must be SendEmail's, made of a registered input, and say what the inspected mail says, to its one recipient.
 * Added once to every client that may send, before its first call.
 */
export function checkWire<Client extends SESv2Client>(client: Client): Client {
  return checkEachCall(client, (request, input) => findingOnWire(request, inspectedInputs.get(input)))
}

/** The same for a client that is there for one operation which sends nothing. */
export function allowOnly<Client extends SESv2Client>(operation: string, client: Client): Client {
  return checkEachCall(client, request =>
    operationOf(request) === operation ? undefined : finding('closed-request', 'operation'),
  )
}

type Check = (request: unknown, input: object) => Finding | undefined

function checkEachCall<Client extends SESv2Client>(client: Client, check: Check): Client {
  client.middlewareStack.add(
    next => args => {
      const found = check(args.request, args.input)
      if (found !== undefined) throw new WireRefusal(found)
      return next(args)
    },
    { name: 'leakGuardWireCheck', step: 'deserialize', priority: 'low', override: true },
  )
  return client
}

/** What is wrong with an HTTP request that is about to leave. */
export function findingOnWire(request: unknown, mail: InspectedMail | undefined): Finding | undefined {
  if (operationOf(request) !== SEND_EMAIL) return finding('closed-request', 'operation')
  const body = bodyOf(request)
  const message = parsed(body)
  const misshapen = mail !== undefined && isDeepStrictEqual(message, mail.request) ? undefined : misshapenBy(message)
  if (misshapen !== undefined) return misshapen
  if (mail === undefined) return finding('uninspected', 'input')
  // A key that stands in it twice would be read once here, and maybe the other time by SES.
  if (JSON.stringify(message) !== body) return finding('closed-request', 'body')
  return changedField(message, mail.request)
}

/** The first field of the body that is not as it was inspected. */
function changedField(message: unknown, inspected: object): Finding | undefined {
  for (const [name, value] of Object.entries(inspected)) {
    if (isDeepStrictEqual(member(message, name), value)) continue
    return name === 'Destination' ? finding('right-recipient', name) : finding('uninspected', name)
  }
  return isDeepStrictEqual(message, inspected) ? undefined : finding('uninspected', 'body')
}

function operationOf(request: unknown): string | undefined {
  const query = member(request, 'query')
  const isPlain = query === undefined || isDeepStrictEqual(query, {})
  return isPlain ? `${String(member(request, 'method'))} ${String(member(request, 'path'))}` : undefined
}

function bodyOf(request: unknown): string {
  const body = member(request, 'body')
  if (typeof body === 'string') return body
  return new TextDecoder().decode(body instanceof Uint8Array ? body : undefined)
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function member(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined
}

function finding(rule: LeakRule, field: string): Finding {
  return { rule, field, excerpt: '' }
}
