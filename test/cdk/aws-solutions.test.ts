import { type App, Stack, Validations } from 'aws-cdk-lib'
import { CfnUser, Effect, PolicyStatement, Role, User } from 'aws-cdk-lib/aws-iam'
import { CfnBucket } from 'aws-cdk-lib/aws-s3'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include'
import { AwsSolutionsChecks } from 'cdk-nag'
import { describe, expect, it } from 'vitest'
import { buildCheckedApp } from '../../cdk/checked-app.ts'
import { buildApp } from '../../cdk/notifier-app.ts'
import { emptyFolder, goodInputs } from './template.ts'

const deployments = {
  'an address': goodInputs,
  lanes: { ...goodInputs, lanes: '{"163.com":5,"yahoo.*":50}', keyGeneration: 3, region: 'eu-central-1' },
  'the sandbox and a hosted zone': {
    alarmEmail: goodInputs.alarmEmail,
    sandbox: 'true',
    hostedZoneId: 'Z1',
    hostedZoneName: 'example.com',
  },
}

const appOf = (inputs: object) =>
  buildApp({ context: { 'aws:cdk:bundling-stacks': [], ...inputs }, outdir: emptyFolder() })

/** Errors and warnings alike, a line for each construct, and what a rule could not decide. */
function findings(app: App): readonly string[] {
  const { violations } = new AwsSolutionsChecks(app, { verbose: true }).validateScope(app)
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${constructPath}: ${ruleName}`),
  )
}

interface Acknowledgement {
  readonly path: string
  readonly rule: string
  readonly reason: string
}

function acknowledgements(app: App): readonly Acknowledgement[] {
  return app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries<string>(data))
      .map(([rule, reason]) => ({ path: node.path, rule: rule.replace(/^annotation::/i, ''), reason })),
  )
}

describe.each(Object.entries(deployments))('With %s', (_, inputs) => {
  const app = appOf(inputs)

  it("AWS's own checks find nothing, not even a warning", () => {
    expect(findings(app)).toEqual([])
  })

  it('what is acknowledged is one wildcard in one role, and would be found otherwise', () => {
    const said = acknowledgements(app)
    expect(said.length).toBeGreaterThan(8)
    for (const { path, rule } of said) {
      expect(path).toMatch(/^OnlyTo\/\w+\/FunctionRole$/)
      expect(rule).toMatch(/^AwsSolutions-IAM5\[Resource::.+\]$/)
    }
    // The template alone, without what is said in code: of the same rules, the same findings.
    const templateFile = app.synth().getStackArtifact('OnlyTo').templateFullPath
    const bare = appOf(goodInputs)
    new CfnInclude(new Stack(bare, 'Bare'), 'Template', { templateFile })
    const found = findings(bare).map(line => line.slice(line.indexOf(': ') + 2))
    expect(new Set(found)).toEqual(new Set(said.map(({ rule }) => rule)))
  })

  it('each acknowledgement has a reason of its own', () => {
    const reasons = acknowledgements(app).map(({ reason }) => reason)
    for (const reason of reasons) expect(reason.length).toBeGreaterThan(50)
    expect(new Set(reasons).size).toBe(reasons.length)
  })
})

it('a finding ends synth, which else gives a template', () => {
  const checked = () =>
    buildCheckedApp({ context: { 'aws:cdk:bundling-stacks': [], ...goodInputs }, outdir: emptyFolder() })
  expect(() => checked().synth()).not.toThrow()
  const spoiled = checked()
  new CfnBucket(stackOf(spoiled), 'Planted')
  expect(() => spoiled.synth()).toThrow('validation-report.json')
})

function stackOf(app: App): Stack {
  const stack = app.node.findChild('OnlyTo')
  if (!(stack instanceof Stack)) throw new TypeError('OnlyTo is a stack')
  return stack
}

function roleOf(stack: Stack, room: string): Role {
  const role = stack.node.findChild(room).node.findChild('FunctionRole')
  if (!(role instanceof Role)) throw new TypeError(`${room} has no role`)
  return role
}

describe('It would be found that', () => {
  const planted: readonly (readonly [string, string, (stack: Stack) => unknown])[] = [
    ['a bucket has no log and takes plain HTTP', 'S1 S10', stack => new CfnBucket(stack, 'Planted')],
    [
      'a queue is not encrypted and takes plain HTTP',
      'SQS2 SQS4',
      stack =>
        new Queue(stack, 'Planted', {
          encryption: QueueEncryption.UNENCRYPTED,
          deadLetterQueue: { queue: new Queue(stack, 'Dead', { enforceSSL: true }), maxReceiveCount: 5 },
        }),
    ],
    [
      'a role may do anything',
      'IAM5[Action::*] IAM5[Resource::*]',
      stack =>
        new User(stack, 'Planted').addToPolicy(
          new PolicyStatement({ effect: Effect.ALLOW, actions: ['*'], resources: ['*'] }),
        ),
    ],
    [
      'somebody has a policy of AWS',
      'IAM4[Policy::arn:aws:iam::aws:policy/AdministratorAccess]',
      stack => new CfnUser(stack, 'Planted', { managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
    ],
    [
      'a room has a wildcard that another room has acknowledged',
      'IAM5[Resource::*]',
      stack =>
        roleOf(stack, 'Feedback').addToPolicy(new PolicyStatement({ actions: ['ses:GetAccount'], resources: ['*'] })),
    ],
  ]
  it.each(planted)('%s', (_, rules, plant) => {
    const app = appOf(goodInputs)
    plant(stackOf(app))
    const found = findings(app).map(line => line.slice(line.indexOf(': ') + 2).replace('AwsSolutions-', ''))
    expect(found).toEqual(expect.arrayContaining(rules.split(' ')))
  })
})
