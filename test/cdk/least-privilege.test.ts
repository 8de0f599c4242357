import { describe, expect, it } from 'vitest'
import { faultsInReach } from './reach.ts'
import { rolesOf } from './roles.ts'
import { sesActions } from './ses-actions.ts'
import { type Deployment, faultsInSes } from './ses-laws.ts'
import { allowing, arnOf, find, inPolicy, type Spoil, spoiledBy, without, withRole } from './spoil.ts'
import { goodInputs, pathOf, synthesise } from './template.ts'
import { faultsInWildcards, idleWildcards } from './wildcards.ts'

const template = synthesise()
const { sender } = goodInputs
const lanes = '{"163.com":5,"yahoo.*":50}'

const deployments: readonly (readonly [string, Deployment])[] = [
  ['an address', { template, sender }],
  ['lanes', { template: synthesise({ ...goodInputs, lanes }), sender }],
  ['a domain', { template: synthesise({ ...goodInputs, sender: 'example.org' }), sender: 'example.org' }],
  [
    'a region',
    {
      template: synthesise({ ...goodInputs, region: 'eu-central-1' }),
      sender,
      arnPrefix: 'arn:aws:ses:eu-central-1:accountid',
    },
  ],
  ['the sandbox', { template: synthesise({ ...goodInputs, sandbox: 'true' }), sender, sandbox: true }],
]
const inBucket = (keys: string): Parameters<typeof allowing>[2] => {
  return it => ({ 'Fn::Join': ['', [arnOf(it, 'AudienceBucket/Bucket'), keys]] })
}
const everything = { Effect: 'Allow', Action: '*', Resource: '*' }
const key = 'AudienceKeys/Generation1'

describe.each(deployments)('with %s', (_, deployment) => {
  it('only the sender may send: simple messages, from its address, through the second API', () => {
    expect(sesActions.length).toBeGreaterThan(220)
    expect(rolesOf(deployment.template)).toHaveLength(5)
    expect(faultsInSes(deployment)).toEqual([])
  })

  it('a policy that allows everything, attached to every role, changes nothing of that', () => {
    const attached = Object.values(deployment.template.Resources)
      .filter(({ Type }) => Type === 'AWS::IAM::Policy')
      .map(resource => inPolicy(pathOf(resource), statements => [...statements, everything]))
    expect(attached).toHaveLength(5)
    expect(faultsInSes({ ...deployment, template: spoiledBy(deployment.template, ...attached) })).toEqual([])
  })

  it('each room reaches what it needs, and nobody else does', () => {
    expect(faultsInReach(deployment.template)).toEqual([])
  })

  it('no action is allowed by wildcard, and no resource but by one that is written down', () => {
    expect(faultsInWildcards(deployment.template)).toEqual([])
  })
})

it('every wildcard that is written down is needed', () => {
  expect(idleWildcards(deployments.map(([, deployment]) => deployment.template))).toEqual([])
})

it('the right to any identity is for the sandbox only', () => {
  const anyIdentity = (deployment: Deployment) => JSON.stringify(deployment.template).includes(':identity/*')
  expect(deployments.filter(([, deployment]) => anyIdentity(deployment)).map(([name]) => name)).toEqual(['the sandbox'])
})

it('each stack says which account it is for, and what to do with the other', () => {
  const said = ({ template: { Outputs } }: Deployment) =>
    Object.entries(Outputs).flatMap(([name, { Value }]) => (name.includes('Sandbox') ? [String(Value)] : []))
  for (const [, deployment] of deployments) {
    const [text = '', ...others] = said(deployment)
    expect(others).toEqual([])
    expect(text).toMatch(
      deployment.sandbox ? /for an account in SES's sandbox/ : /for an account with production access/,
    )
    expect(text).toContain('-c sandbox=true')
  }
})

const trust = { AssumeRolePolicyDocument: { Statement: [] } }
const withInline = (statement: object) =>
  withRole({ ...trust, Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [statement] } }] })

describe('it would be seen that', () => {
  const sesFaults: readonly (readonly [string, readonly Spoil[]])[] = [
    ['a room is no longer denied SES', [without('Audience', 'Deny', 'ses:*')]],
    [
      'a room is allowed to send instead',
      [without('Feedback', 'Deny', 'ses:*'), allowing('Feedback', 'ses:Send*', '*')],
    ],
    ['another role may send', [withInline({ ...everything, Action: 'ses:SendEmail' })]],
    ['another role may do all but something', [withInline({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })]],
    ['another role has a policy of AWS', [withRole({ ...trust, ManagedPolicyArns: ['arn:aws:iam::aws:policy/Any'] })]],
    ['another role is not denied SES', [withRole(trust)]],
    ['the sender may no longer send', [without('Sender', 'Allow', 'ses:SendEmail')]],
    ['the sender is not denied the rest', [without('Sender', 'Deny', 'ses:*z*')]],
    ['the sender is not denied the first API', [without('Sender', 'Deny', 'ses:ApiVersion')]],
    ['the sender is not denied other addresses', [without('Sender', 'Deny', 'ses:FromAddress')]],
    ['the sender is not denied lists in one entry', [without('Sender', 'Deny', 'ses:Recipients')]],
    ['the sender is not denied other identities', [without('Sender', 'Deny', 'NotResource')]],
    ['the dispatcher cannot read the quota', [without('Dispatcher', 'Allow', 'ses:GetAccount')]],
    ['the dispatcher is not denied what sounds alike', [without('Dispatcher', 'Deny', 'ses:GetContact')]],
    ['a role is gone', [it => void delete it.Resources[find(it, 'Api/FunctionRole')[0]]]],
  ]
  it.each(sesFaults)('%s', (_, spoils) => {
    expect(faultsInSes({ template: spoiledBy(template, ...spoils), sender })).not.toEqual([])
  })

  const reachFaults: readonly (readonly [string, Spoil, string])[] = [
    [
      'the dispatcher reads addresses',
      allowing('Dispatcher', 's3:GetObject', inBucket('/audiences/*')),
      'Dispatcher/FunctionRole can read addresses in an indexed audience',
    ],
    [
      'the sender reads uploads, by a version',
      allowing('Sender', 's3:GetObjectVersion', inBucket('/uploads/*')),
      'Sender/FunctionRole can read an upload',
    ],
    [
      'the audience room cannot',
      without('Audience', 'Allow', '/uploads/*'),
      'Audience/FunctionRole cannot read an upload',
    ],
    [
      'the API writes facts',
      allowing('Api', 'dynamodb:PutItem', it => arnOf(it, 'Tables/Deliveries')),
      'Api/FunctionRole can write facts about deliveries',
    ],
    [
      'the feedback room makes MACs',
      allowing('Feedback', 'kms:*', it => arnOf(it, key)),
      `Feedback/FunctionRole can make MACs with ${key}`,
    ],
    [
      'the key itself lets the API do so',
      inPolicy(
        key,
        (statements, it) => [...statements, { ...everything, Principal: { AWS: arnOf(it, 'Api/FunctionRole') } }],
        'KeyPolicy',
      ),
      `Api/FunctionRole can make MACs with ${key}`,
    ],
    [
      'the queue of events lets everybody read',
      inPolicy('Feedback/Events/Queue/Policy', (statements, it) => [
        ...statements,
        { ...everything, Principal: '*', Resource: arnOf(it, 'Feedback/Events/Queue') },
      ]),
      "Dispatcher/FunctionRole can read SES's events, which hold addresses",
    ],
    [
      'the audience room writes into the log of who has read what',
      allowing('Audience', 's3:PutObject', it => ({ 'Fn::Join': ['', [arnOf(it, 'AudienceBucket/AccessLog'), '/*']] })),
      'Audience/FunctionRole can lose who did what, or look who has read what',
    ],
    ['another role reads logs', withInline(everything), 'Tomorrow/FunctionRole can read a log'],
    [
      'a condition is the only hindrance',
      inPolicy('Api', statements => [...statements, { ...everything, Condition: { StringEquals: { a: 'b' } } }]),
      'Api/FunctionRole can copy a table whole',
    ],
  ]
  it.each(reachFaults)('%s', (_, spoil, fault) => {
    expect(faultsInReach(spoiledBy(template, spoil))).toContain(fault)
  })

  const wildcardFaults: readonly (readonly [string, Spoil])[] = [
    ['an action has a wildcard', allowing('Sender', 's3:Get*', 'arn')],
    ['a resource has one', allowing('Sender', 's3:GetObject', inBucket('/*'))],
    ['a written one is used for another action', allowing('Api', 'ses:GetContact', '*')],
    ['all but something is allowed', withInline({ Effect: 'Allow', NotAction: 'iam:*', Resource: 'arn' })],
  ]
  it.each(wildcardFaults)('%s', (_, spoil) => {
    expect(faultsInWildcards(spoiledBy(template, spoil))).not.toEqual([])
  })
})
