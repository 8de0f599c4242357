import { Stack } from 'aws-cdk-lib'
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { acknowledgeWildcard } from './acknowledge.ts'
import type { RoomFunction } from './room-function.ts'

/**
 * What a role may do with SES: send, or read the account's quota, or nothing. All else is denied by name, which holds
 * against any policy that is attached to the role later.
 *
 * Actions, resources and condition keys as in AWS's Service Authorization Reference, "Amazon Simple Email Service v2"
 * and "Amazon SES" (one prefix, `ses:`; docs.aws.amazon.com/service-authorization/latest/reference/, June 2026). For raw
 * content the second API's SendEmail asks for `ses:SendRawEmail`, as django-anymail found (docs/esps/amazon_ses.rst).
 */
export type SesAction = 'ses:SendEmail' | 'ses:GetAccount'

/**
 * IAM cannot say "all but", nor can the CDK use `?`. So denied is each name with a letter that the granted name has not, those
 * of the future too, and by name what is published and made of the same letters.
 */
function allBut(granted: SesAction): string[] {
  const others = [...'abcdefghijklmnopqrstuvwxyz'].filter(letter => !granted.slice(4).toLowerCase().includes(letter))
  return [...others.map(letter => `ses:*${letter}*`), ...ofTheSameLetters[granted]]
}

const ofTheSameLetters: Readonly<Record<SesAction, readonly string[]>> = {
  'ses:SendEmail': [],
  'ses:GetAccount': ['ses:GetContact', 'ses:GetTenant'],
}

/** For every role. On every resource, since half of SES's actions know none: lists, account settings, exports, GetAccount. */
export function denySesBut(granted: SesAction | undefined): PolicyStatement {
  const actions = granted === undefined ? ['ses:*'] : allBut(granted)
  return new PolicyStatement({ effect: Effect.DENY, actions, resources: ['*'] })
}

/** The right to read the account's rate and quota, and what for. */
export function letReadSendQuota(room: RoomFunction, purpose: string): void {
  room.addToRolePolicy(new PolicyStatement({ actions: ['ses:GetAccount'], resources: ['*'] }))
  acknowledgeWildcard(room, '*', `${purpose}, and SES knows no resource for ses:GetAccount`)
}

export interface Sending {
  /** An address, or a domain whose every address may send. */
  readonly sender: string
  readonly configurationSetName: string
  /** In SES's sandbox the right to each recipient's identity is asked for too. */
  readonly sandbox: boolean
}

/**
 * The right to send simple messages from one sender under one configuration set through the second API; then each of these
 * again as a denial of everything else. IAM can neither count recipients nor demand that a configuration set is named: that
 * is what the leak guard is for. Nor is the return path (`ses:FeedbackAddress`) asked for: AWS does not say what the key
 * holds where a request names none, and a denial that guesses wrong stops every notice. The leak guard refuses the field.
 */
export function letSend(room: RoomFunction, { sender, configurationSetName, sandbox }: Sending): void {
  const arn = (resource: string, resourceName: string) =>
    Stack.of(room).formatArn({ service: 'ses', resource, resourceName })
  const [, domain] = sender.split('@')
  // An address may be verified by itself or by its domain, and SES checks the identity that was verified.
  const verified = domain === undefined ? [sender] : [sender, domain]
  const identities = sandbox ? ['*'] : verified
  const resources = [...identities.map(name => arn('identity', name)), arn('configuration-set', configurationSetName)]
  const own = domain === undefined ? `*@${sender}` : sender
  const version = { 'ses:ApiVersion': '2' }
  const from = { 'ses:FromAddress': own }
  const rights = [
    new PolicyStatement({ actions: sending, resources, conditions: { StringEquals: version, StringLike: from } }),
    new PolicyStatement({ effect: Effect.DENY, actions: sending, notResources: resources }),
    // A negated operator holds where the key is absent too.
    deny({ StringNotEquals: version }),
    deny({ StringNotLike: from }),
    // IAM sees all of To, Cc and Bcc. It can tell two addresses in one entry, though not two entries.
    deny({ 'ForAnyValue:StringLike': { 'ses:Recipients': '*@*@*' } }),
  ]
  for (const right of rights) room.addToRolePolicy(right)
  if (sandbox) acknowledgeWildcard(room, arn('identity', '*'), whyAnyIdentity)
}

const whyAnyIdentity =
  "In SES's sandbox a send needs the right to each recipient's identity too; SES itself lets it reach verified recipients alone"

const sending = ['ses:SendEmail']

type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>

const deny = (conditions: Conditions) =>
  new PolicyStatement({ effect: Effect.DENY, actions: sending, resources: ['*'], conditions })
