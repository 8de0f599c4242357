import { describe, expect, it } from 'vitest'
import * as functionPolicies from './function-policies.ts'
import * as policies from './policies.ts'
import * as queuePolicies from './queue-policies.ts'
import { spoiledBy, without as withoutStatement } from './spoil.ts'
import { goodInputs, pathOf, type Resource, synthesise, type Template } from './template.ts'

const template = synthesise()
const otherTemplate = synthesise({
  ...goodInputs,
  sender: 'example.org',
  region: 'eu-central-1',
  senderConcurrency: '1000',
  lanes: '{"163.com":5,"yahoo.*":50}',
  settleDelaySeconds: '900',
})

type Spoil = (properties: Resource['Properties'], resource: Resource) => void

/** A copy in which one construct is spoiled, to show that its policy would notice. */
const spoiled = (path: string, spoil: Spoil) => (): Template => {
  const copy = structuredClone(template)
  const resource = Object.values(copy.Resources).find(candidate => pathOf(candidate) === path)
  if (resource === undefined) throw new TypeError(`The template has no ${path}`)
  spoil(resource.Properties, resource)
  return copy
}

const without = (path: string, property: string) =>
  spoiled(path, properties => {
    delete properties[property]
  })

const batchSource = 'Sender/Function/SqsEventSource'

const rules: readonly [string, policies.Policy, readonly (() => Template)[]][] = [
  [
    'every queue has a dead-letter queue or is one',
    queuePolicies.queuesHaveDeadLetters,
    [without('Sender/Batches/Queue', 'RedrivePolicy')],
  ],
  [
    'dead letters are kept a week longer than what they were',
    queuePolicies.deadLettersAreKeptLonger,
    [
      spoiled('Feedback/Events/DeadLetters', properties => {
        properties['MessageRetentionPeriod'] = 4 * 86_400
      }),
    ],
  ],
  [
    'every message is tried five times',
    queuePolicies.messagesAreTriedFiveTimes,
    [
      spoiled('Sender/Batches/Queue', properties => {
        properties['RedrivePolicy'] = { deadLetterTargetArn: 'arn', maxReceiveCount: 4 }
      }),
    ],
  ],
  [
    'every dead-letter queue has an alarm',
    queuePolicies.deadLettersAreWatched,
    [without('Alarms/SenderDeadLetters', 'Dimensions')],
  ],
  [
    'every queue is encrypted',
    queuePolicies.queuesAreEncrypted,
    [without('Feedback/Events/DeadLetters', 'SqsManagedSseEnabled')],
  ],
  [
    'every queue, topic and bucket denies plain HTTP',
    policies.plainHttpIsDenied,
    ['Sender/Batches/Queue/Policy', 'Feedback/Topic/Policy', 'AudienceBucket/Bucket/Policy'].map(path =>
      without(path, 'PolicyDocument'),
    ),
  ],
  ['every route requires IAM', policies.routesRequireIam, [without('Api/Http/GET--notices', 'AuthorizationType')]],
  [
    'a message stays hidden for six times the timeout of its function and the batching window',
    queuePolicies.messagesStayHiddenLongEnough,
    [
      spoiled('Sender/Batches/Queue', properties => {
        properties['VisibilityTimeout'] = 6 * 300 - 1
      }),
      spoiled('Feedback/Events/Queue', properties => {
        properties['VisibilityTimeout'] = 6 * 10
      }),
    ],
  ],
  [
    'every queue source reports partial failures',
    queuePolicies.sourcesReportPartialFailures,
    [without(batchSource, 'FunctionResponseTypes')],
  ],
  [
    'every queue source has a maximum concurrency',
    queuePolicies.sourcesAreBounded,
    [without(batchSource, 'ScalingConfig')],
  ],
  [
    'each function is given exactly the environment that it reads',
    functionPolicies.environmentsAreThoseRead,
    [{}, { NOTICES_TABLE: 'a', AUDIENCE_BUCKET: 'b', DELIVERIES_TABLE: 'c' }].map(Variables =>
      spoiled('Audience/Function', properties => {
        properties['Environment'] = { Variables }
      }),
    ),
  ],
  [
    'what the environment of a function names, its role may use',
    functionPolicies.whatIsNamedIsGranted,
    [
      ['Sender', 'AudienceBucket'],
      ['Feedback', 'TablesDeliveries'],
      ['Audience', 'AudienceKeys'],
    ].map(
      ([room = '', on = '']) =>
        () =>
          spoiledBy(template, withoutStatement(room, 'Allow', on)),
    ),
  ],
  [
    'what the role of a function may use, its environment names',
    functionPolicies.whatIsGrantedIsNamed,
    ['Api', 'Sender'].map(room =>
      spoiled(`${room}/Function`, properties => {
        properties['Environment'] = { Variables: {} }
      }),
    ),
  ],
  [
    'nothing runs but the five rooms, on nodejs24.x and arm64',
    functionPolicies.onlyTheRoomsRun,
    [
      spoiled('Api/Function', properties => {
        properties['Runtime'] = 'nodejs22.x'
      }),
      spoiled('Alarms/Topic', (_, resource) => {
        resource.Type = 'Custom::S3BucketNotifications'
      }),
    ],
  ],
  [
    'nothing has a physical name',
    policies.nothingHasAName,
    [
      spoiled('Tables/Notices', properties => {
        properties['TableName'] = 'notices'
      }),
    ],
  ],
  [
    'tables, bucket and keys outlive the stack',
    policies.whatIsKeptOutlivesTheStack,
    ['Tables/Deliveries', 'AudienceBucket/Bucket', 'AudienceKeys/Generation1'].map(path =>
      spoiled(path, (_, resource) => {
        delete resource.DeletionPolicy
      }),
    ),
  ],
  [
    'tables can be restored to any second',
    policies.tablesCanBeRestored,
    [without('Tables/Notices', 'PointInTimeRecoverySpecification')],
  ],
  [
    'every alarm says what to do and reaches somebody',
    policies.alarmsReachSomebody,
    [
      without('Alarms/LeakGuardRejection', 'AlarmActions'),
      without('Alarms/LeakGuardRejection', 'AlarmDescription'),
      without('Alarms/LeakGuardRejection', 'TreatMissingData'),
      without('Alarms/Topic/Policy', 'PolicyDocument'),
    ],
  ],
]

describe.each(rules)('%s', (_, policy, badTemplates) => {
  it('holds', () => {
    expect(policy(template)).toEqual([])
  })

  it('holds for a domain and other numbers too', () => {
    expect(policy(otherTemplate)).toEqual([])
  })

  it.each(badTemplates)('would be seen to fail', spoil => {
    expect(policy(spoil())).not.toEqual([])
  })
})

it('has a rule for every policy', () => {
  expect(new Set(rules.map(([, policy]) => policy))).toEqual(
    new Set([policies, queuePolicies, functionPolicies].flatMap(module => Object.values(module))),
  )
})
