import { type Call, type Decision, decide } from './iam.ts'
import { type Role, rolesOf } from './roles.ts'
import { sesActions } from './ses-actions.ts'
import type { Template } from './template.ts'

export interface Deployment {
  readonly template: Template
  readonly sender: string
  /** What ARNs of SES begin with: the account and mostly the region are known only to CloudFormation. */
  readonly arnPrefix?: string
  readonly sandbox?: boolean
}

const senderRole = 'Sender/FunctionRole'
const quotaReaders = ['Api/FunctionRole', 'Dispatcher/FunctionRole']

/**
 * Every role of the template, found in it, asked for every action of SES: what is not meant is denied, not merely not
 * allowed, so that no policy attached later can allow it. Each fault in a line.
 */
export function faultsInSes(deployment: Deployment): readonly string[] {
  const roles = rolesOf(deployment.template)
  const missing = [senderRole, ...quotaReaders].filter(path => !roles.some(role => role.path === path))
  return [
    ...missing.map(path => `there is no ${path}`),
    ...roles.flatMap(role => [...faultsInSending(role, deployment), ...faultsInTheRest(role, deployment)]),
  ]
}

function faultsInSending(role: Role, deployment: Deployment): readonly string[] {
  return sendings(deployment).flatMap(({ call, meant }) => {
    const wanted = role.path === senderRole && meant ? 'allowed' : 'denied'
    return fault(role, call, wanted)
  })
}

function faultsInTheRest(role: Role, deployment: Deployment): readonly string[] {
  const { own, configurationSet, context } = good(deployment)
  const places = [['*'], [own], [own, configurationSet]]
  return sesActions
    .filter(action => action !== 'ses:SendEmail')
    .flatMap(action =>
      places.flatMap(resources => {
        const reads = action === 'ses:GetAccount' && quotaReaders.includes(role.path)
        return fault(role, { action, resources, context }, reads ? 'allowed' : 'denied')
      }),
    )
}

function fault(role: Role, call: Call, wanted: Decision): readonly string[] {
  const decision = decide(role.statements, call)
  if (decision === wanted) return []
  const asked = `${call.action} on ${call.resources.join(' and ')} with ${JSON.stringify(call.context)}`
  return [`${role.path} is ${decision} instead of ${wanted}: ${asked}`]
}

function good({ sender, arnPrefix = 'arn:partition:ses:region:accountid' }: Deployment) {
  const arn = (name: string) => `${arnPrefix}:${name}`
  const from = sender.includes('@') ? sender : `notices@${sender}`
  return {
    arn,
    from,
    own: arn(`identity/${sender}`),
    configurationSet: arn('configuration-set/Feedback/ConfigurationSet'),
    context: { 'ses:ApiVersion': '2', 'ses:FromAddress': from, 'ses:Recipients': ['ann@example.net'] },
  }
}

/** A part of a request, and whether a request that the sender means may have it. */
interface Part {
  readonly resources?: readonly string[]
  readonly context?: NonNullable<Call['context']>
  readonly meant: boolean
}

/**
 * Every combination of right and wrong in a SendEmail. What IAM cannot see counts as right: that no configuration set is
 * named, and that there are several recipients. So does any return path: what its key holds AWS does not publish.
 */
function sendings({ sandbox = false, ...deployment }: Deployment): readonly { call: Call; meant: boolean }[] {
  const { arn, from, own, configurationSet } = good(deployment)
  const [, domain = ''] = from.split('@')
  const identities: Part[] = [
    { resources: [own], meant: true },
    { resources: [arn(`identity/${domain}`)], meant: true },
    { resources: [arn('identity/others@example.org')], meant: sandbox },
    { resources: [own, arn('identity/ann@example.net')], meant: sandbox },
  ]
  const sets: Part[] = [
    { resources: [configurationSet], meant: true },
    { meant: true },
    { resources: [arn('configuration-set/others')], meant: false },
    { resources: [configurationSet, arn('template/welcome')], meant: false },
  ]
  const versions: Part[] = [
    { context: { 'ses:ApiVersion': '2' }, meant: true },
    { context: { 'ses:ApiVersion': '1' }, meant: false },
    { meant: false },
  ]
  const senders: Part[] = [
    { context: { 'ses:FromAddress': from, 'ses:FromDisplayName': 'Notices' }, meant: true },
    { context: { 'ses:FromAddress': 'others@example.test' }, meant: false },
    { context: { 'ses:FromAddress': `${from}.test` }, meant: false },
    { meant: false },
  ]
  const bounces: Part[] = [
    { meant: true },
    { context: { 'ses:FeedbackAddress': from }, meant: true },
    { context: { 'ses:FeedbackAddress': 'others@example.test' }, meant: true },
  ]
  const recipients: Part[] = [
    { context: { 'ses:Recipients': ['ann@example.net'] }, meant: true },
    { context: { 'ses:Recipients': ['ann@example.net', 'bob@example.net'] }, meant: true },
    { context: { 'ses:Recipients': ['ann@example.net, bob@example.net'] }, meant: false },
    { context: { 'ses:Recipients': ['ann@example.net', 'all: bob@example.net, eve@example.net;'] }, meant: false },
  ]
  return combined([identities, sets, versions, senders, bounces, recipients]).map(({ meant, resources, context }) => ({
    meant,
    call: { action: 'ses:SendEmail', resources, context },
  }))
}

const combined = (dimensions: readonly (readonly Part[])[]) =>
  dimensions.reduce<readonly Required<Part>[]>(
    (sofar, parts) =>
      sofar.flatMap(one =>
        parts.map(({ resources = [], context = {}, meant }) => ({
          resources: [...one.resources, ...resources],
          context: { ...one.context, ...context },
          meant: one.meant && meant,
        })),
      ),
    [{ resources: [], context: {}, meant: true }],
  )
