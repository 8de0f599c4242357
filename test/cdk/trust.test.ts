import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { statements } from './statements.ts'
import { goodInputs, ofType, pathOf, readable, synthesise, type Template, target } from './template.ts'

const template = synthesise({ ...goodInputs, lanes: '{"163.com":5}', keyGeneration: 50 })
const roomOf = (path: string | undefined) => path?.split('/')[0]

it('each role is taken by Lambda and by nobody else', () => {
  const roles = ofType(template, 'AWS::IAM::Role', z.looseObject({}))
  const trusts = statements(template)
    .filter(({ from }) => from.Type === 'AWS::IAM::Role')
    .map(({ from, statement: { Effect, Action, Principal, Condition } }) => [
      pathOf(from),
      { Effect, Action, Principal, Condition },
    ])
  const lambda = { Service: 'lambda.amazonaws.com' }
  expect(trusts).toEqual(
    roles.map(({ path }) => [path, { Effect: 'Allow', Action: ['sts:AssumeRole'], Principal: lambda }]),
  )
})

it('each function is called by what calls it for us, and by nobody who could choose the event', () => {
  const schema = z.looseObject({
    Action: z.string(),
    Principal: z.string(),
    FunctionName: z.unknown(),
    SourceArn: z.unknown(),
  })
  const callers = ofType(template, 'AWS::Lambda::Permission', schema).map(({ properties }) => [
    roomOf(pathOf(template.Resources[target(properties.FunctionName) ?? ''] ?? nothing)),
    properties.Principal,
    properties.SourceArn === undefined ? 'anybody' : roomOf(originOf(template, properties.SourceArn)),
    properties.Action,
  ])
  const invoke = 'lambda:InvokeFunction'
  expect(callers.sort()).toEqual([
    ['Api', 'apigateway.amazonaws.com', 'Api', invoke],
    ['Audience', 'events.amazonaws.com', 'Audience', invoke],
    ['Dispatcher', 'events.amazonaws.com', 'Dispatcher', invoke],
  ])
})

const nothing = { Type: '', Properties: {}, Metadata: { 'aws:cdk:path': 'OnlyTo/nothing' } }

/** The construct of the stack that an ARN is of or begins with. */
function originOf(of: Template, arn: unknown): string | undefined {
  const text = readable(of, arn)
  return Object.values(of.Resources)
    .map(pathOf)
    .find(path => text === path || text.includes(`:${path}/`))
}

describe("a role's policies are no longer than IAM takes, with fifty generations of keys too", () => {
  // IAM quotas: 10,240 characters for all inline policies of a role. A name of AWS's making is 130 characters at most.
  const length = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value).length
    if (target(value) !== undefined) return JSON.stringify(value).includes('AWS::') ? 20 : 130
    if ('Fn::Join' in value) return length(z.tuple([z.string(), z.array(z.unknown())]).parse(value['Fn::Join'])[1])
    const punctuation = 2 + Object.keys(value).length
    const keys = Array.isArray(value) ? 0 : Object.keys(value).join('":').length + 3
    return Object.values(value).reduce((sum: number, part) => sum + length(part), punctuation + keys)
  }
  const policies = ofType(template, 'AWS::IAM::Policy', z.looseObject({ PolicyDocument: z.unknown() }))

  it.each(policies.map(({ path, properties }) => [path, length(properties.PolicyDocument)] as const))(
    '%s',
    (_, chars) => {
      expect(chars).toBeLessThan(10_240)
    },
  )
})
