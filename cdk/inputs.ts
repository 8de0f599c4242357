import type { App } from 'aws-cdk-lib'
import * as z from 'zod'
import { audienceEnvironment } from '../functions/audience/env.ts'
import { dispatcherEnvironment } from '../functions/dispatcher/env.ts'
import { enoughSenders, PLANNED_SLOWEST_ANSWER_MS } from '../functions/pacer/concurrency.ts'
import { senderEnvironment } from '../functions/sender/env.ts'

const address = z.email()
const domain = z.hostname().includes('.')
/** That of a large account. Each sender above what the rate needs costs waiting time. */
const PLANNED_RATE = 1_000

/** In cdk.json lanes may be an object; the command line knows only text. */
const lanes = z.preprocess(
  given => (typeof given === 'object' ? JSON.stringify(given) : given),
  audienceEnvironment.shape.LANES,
)

const wholeDays = senderEnvironment.shape.DELIVERY_RETENTION_DAYS

/**
 * What a deployment chooses, given to the CDK as context: `-c share=0.5`, or under `context` in cdk.json. Each description
 * is the remedy that a message gives. What a function reads from its environment is checked by that very schema, so that
 * synth refuses what a cold start would.
 */
const stackInputs = z.object({
  sender: z
    .union([address, domain])
    .optional()
    .describe(
      'the address that notices come from, or its domain, verified in SES: -c sender=notices@example.com. Where Route 53 holds the domain, it is made with -c hostedZoneId=Z… -c hostedZoneName=example.com',
    ),
  // Both as Route 53 prints them too.
  hostedZoneId: z
    .string()
    .overwrite(id => id.replace(/^\/hostedzone\//, ''))
    .regex(/^Z[A-Z0-9]{1,31}$/)
    .optional()
    .describe('the id of the public hosted zone to make the SES identity in: -c hostedZoneId=Z0123456789ABCDEFGHIJ'),
  hostedZoneName: z
    .string()
    .overwrite(name => name.replace(/\.$/, ''))
    .pipe(domain)
    .optional()
    .describe('the domain of the hosted zone that hostedZoneId is of: -c hostedZoneName=example.com'),
  alarmEmail: address.describe('the address that alarms go to: -c alarmEmail=ops@example.com'),
  share: dispatcherEnvironment.shape.RATE_SHARE.default(0.9).describe(
    "the share of the account's SES rate that may be used, above 0 and at most 1: -c share=0.9",
  ),
  retentionDays: wholeDays
    .default(400)
    .describe('how many whole days the fate of each recipient is kept, 1 or more: -c retentionDays=400'),
  audienceRetentionDays: wholeDays
    .default(30)
    .describe('how many whole days uploaded addresses are kept, 1 or more: -c audienceRetentionDays=30'),
  keyGeneration: z.coerce
    .number()
    .int()
    .min(1)
    .max(50)
    .default(1)
    .describe(
      "which generation of the stack's own key new audiences get, 1 to 50, never lower than before: -c keyGeneration=2",
    ),
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/)
    .default('OnlyTo')
    .describe('the name of the stack, letters, digits and hyphens, at most 128: -c stackName=OnlyTo'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .optional()
    .describe('the AWS region to deploy to: -c region=eu-central-1'),
  settleDelaySeconds: senderEnvironment.shape.SETTLE_DELAY_SECONDS.default(60).describe(
    'how long a message in doubt waits for its SEND event, 1 to 900 whole seconds: -c settleDelaySeconds=60',
  ),
  lanes: lanes
    .default({})
    .describe(`what mailbox providers get at most, in recipients a second: -c lanes='{"163.com":5,"yahoo.*":50}'`),
  rate: z.coerce
    .number()
    .positive()
    .max(100_000)
    .default(PLANNED_RATE)
    .describe('the rate in recipients a second that the stack has hands for, above 0 and at most 100000: -c rate=1000'),
  sandbox: z
    .stringbool({ truthy: ['true'], falsy: ['false'] })
    .or(z.boolean())
    .default(false)
    .describe(
      "whether the account is in SES's sandbox, where the sender needs the right to each recipient's identity too, true or false: -c sandbox=true",
    ),
  runbookUrl: z
    .url({ protocol: /^https?$/ })
    .default('docs/runbook.md')
    .describe(
      'where docs/runbook.md of your copy can be read, for the links in alarms: -c runbookUrl=https://git.example.com/onlyto/docs/runbook.md',
    ),
  senderConcurrency: z.coerce
    .number()
    .int()
    .min(2)
    .max(1000)
    .optional()
    .describe('how many senders may run at once, 2 to 1000, unless as many as the rate needs: -c senderConcurrency=7'),
})

type Given = z.output<typeof stackInputs>

export interface HostedZone {
  readonly id: string
  readonly name: string
}

export type StackInputs = Readonly<
  Omit<Given, 'hostedZoneId' | 'hostedZoneName'> & {
    readonly sender: string
    readonly senderConcurrency: number
    /** Where the SES identity is made; undefined where it exists. */
    readonly hostedZone?: HostedZone
  }
>

/** Every fault of the inputs at once, each with what to pass instead. */
export class InputFaults extends Error {
  override readonly name = 'InputFaults'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`The stack cannot be made from these inputs:\n${faults.map(fault => `  ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

export function readInputs(app: App): StackInputs {
  const context: Readonly<Record<string, unknown>> = app.node.getAllContext()
  const parsed = stackInputs.safeParse(context)
  const issues = parsed.error?.issues ?? []
  const faults = [
    ...inputNames.flatMap(name => {
      const own = issues.filter(({ path }) => path[0] === name)
      return own.length === 0 ? missing(name, context) : [describeFault(name, context[name], own)]
    }),
    ...Object.keys(context).filter(isStray).map(describeStray),
    ...(parsed.success ? senderElsewhere(parsed.data) : []),
  ]
  const sender = parsed.data?.sender ?? parsed.data?.hostedZoneName
  if (!parsed.success || sender === undefined || faults.length > 0) throw new InputFaults(faults)
  const { hostedZoneId: id, hostedZoneName: name, ...given } = parsed.data
  return {
    ...given,
    sender,
    senderConcurrency: sendersOf(parsed.data),
    ...(id === undefined || name === undefined ? {} : { hostedZone: { id, name } }),
  }
}

/** What another input makes necessary: a zone has an id and a name, and without one there is a sender. */
function missing(name: InputName, context: Readonly<Record<string, unknown>>): readonly string[] {
  const has = (other: InputName) => context[other] !== undefined
  const zone = has('hostedZoneId') || has('hostedZoneName')
  const needed = name === 'sender' ? !zone : (name === 'hostedZoneId' || name === 'hostedZoneName') && zone
  return needed && !has(name) ? [describeFault(name, undefined, [])] : []
}

function senderElsewhere({ sender, hostedZoneName }: Given): readonly string[] {
  if (sender === undefined || hostedZoneName === undefined) return []
  const [own, domain = own] = sender.split('@')
  if (domain?.toLowerCase() === hostedZoneName.toLowerCase()) return []
  return [
    `sender cannot be "${sender}", as the identity is made for the hosted zone, which is ${hostedZoneName}. Leave sender out to send from any address of ${hostedZoneName}, or give one of these: -c sender=notices@${hostedZoneName}`,
  ]
}

function sendersOf({ rate, senderConcurrency }: Given): number {
  return senderConcurrency ?? enoughSenders({ ratePerSecond: rate, slowestAnswerMs: PLANNED_SLOWEST_ANSWER_MS })
}

type InputName = keyof Given
const inputNames = stackInputs.keyof().options

/** What a schema of OnlyTo's own says is told too. */
function describeFault(name: InputName, given: unknown, issues: readonly z.core.$ZodIssue[]): string {
  const reasons = issues.filter(({ code }) => code === 'custom').map(({ message }) => message)
  const why = reasons.length === 0 ? '' : `, as ${reasons.join(', and ')}`
  const shown = typeof given === 'string' && given.includes('"') ? `'${given}'` : JSON.stringify(given)
  const problem = given === undefined ? 'is missing' : `cannot be ${shown}${why}`
  return `${name} ${problem}. It is ${stackInputs.shape[name].description}`
}

/** The CDK's own context keys have a namespace (`@aws-cdk/…`, `aws:cdk:…`, `vpc-provider:…`), but for these. */
const bareKeysOfCdk = /^(cli-.*|acknowledged-issue-numbers)$/

function isStray(key: string): boolean {
  return /^[\w-]+$/.test(key) && !bareKeysOfCdk.test(key) && !inputNames.some(name => name === key)
}

function describeStray(key: string): string {
  const letters = (name: string) => name.toLowerCase().replaceAll(/[-_]/g, '')
  const meant = inputNames.find(name => letters(name) === letters(key))
  const remedy = meant === undefined ? `The inputs are ${inputNames.join(', ')}` : `Pass it as -c ${meant}=…`
  return `${key} is not an input of this stack. ${remedy}`
}
