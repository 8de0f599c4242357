import { describe, expect, it } from 'vitest'
import { type Call, type Decision, decide, type Statement } from './iam.ts'

type Case = readonly [string, readonly Statement[], Call, Decision]

const call: Call = { action: 's3:GetObject', resources: ['bucket/a'], context: { 'aws:SecureTransport': 'true' } }
const allow: Statement = { Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['bucket/a'] }
const deny: Statement = { ...allow, Effect: 'Deny' }
const when = (statement: Statement, Condition: NonNullable<Statement['Condition']>): Statement => ({
  ...statement,
  Condition,
})
const from = (value?: string | readonly string[]): Call => ({
  ...call,
  ...(value === undefined ? {} : { context: { from: value } }),
})

const cases: readonly Case[] = [
  ['silence is no permission', [], call, 'not allowed'],
  ['what is named is allowed', [allow], call, 'allowed'],
  ['a denial wins, wherever it stands', [allow, deny, allow], call, 'denied'],
  ['each resource must be allowed', [allow], { ...call, resources: ['bucket/a', 'bucket/b'] }, 'not allowed'],
  ['one resource denied is all denied', [allow, deny], { ...call, resources: ['bucket/b', 'bucket/a'] }, 'denied'],
  ['actions know no case', [{ ...allow, Action: ['S3:getobject'] }], call, 'allowed'],
  ['resources do', [{ ...allow, Resource: ['Bucket/a'] }], call, 'not allowed'],
  ['a star is any text', [{ ...allow, Action: ['s3:*'], Resource: ['*'] }], call, 'allowed'],
  ['a question mark is one letter', [{ ...allow, Action: ['s3:Get??????'] }], call, 'allowed'],
  ['and not none', [{ ...allow, Action: ['s3:GetObject?'] }], call, 'not allowed'],
  ['a dot is a dot', [{ ...allow, Resource: ['bucket.a'] }], call, 'not allowed'],
  ['NotAction is all but these', [{ Effect: 'Allow', NotAction: ['s3:Put*'], Resource: ['*'] }], call, 'allowed'],
  ['and not these', [{ Effect: 'Allow', NotAction: ['s3:Get*'], Resource: ['*'] }], call, 'not allowed'],
  ['NotResource is all but these', [{ ...deny, Resource: undefined, NotResource: ['bucket/b'] }], call, 'denied'],
  ['and not these', [allow, { ...deny, Resource: undefined, NotResource: ['bucket/*'] }], call, 'allowed'],
  ['conditions are all to hold', [when(allow, { StringEquals: { from: 'a', to: 'b' } })], from('a'), 'not allowed'],
  ['a condition may give several values', [when(allow, { StringEquals: { from: ['a', 'b'] } })], from('b'), 'allowed'],
  ['keys know no case', [when(allow, { StringEquals: { FROM: 'a' } })], from('a'), 'allowed'],
  ['values do', [when(allow, { StringEquals: { from: 'A' } })], from('a'), 'not allowed'],
  ['an absent key meets no operator', [when(allow, { StringLike: { from: '*' } })], from(), 'not allowed'],
  ['but a negated one', [when(deny, { StringNotEquals: { from: 'a' } })], from(), 'denied'],
  ['but IfExists', [when(allow, { StringEqualsIfExists: { from: 'a' } })], from(), 'allowed'],
  ['IfExists compares what is there', [when(allow, { StringLikeIfExists: { from: 'a*' } })], from('b'), 'not allowed'],
  ['Null true is absent', [when(allow, { Null: { from: 'true' } })], from(), 'allowed'],
  ['Null false is there', [when(allow, { Null: { from: 'false' } })], from('a'), 'allowed'],
  ['Null false is not absent', [when(allow, { Null: { from: 'false' } })], from(), 'not allowed'],
  ['Bool compares', [when(deny, { Bool: { 'aws:SecureTransport': 'false' } }), allow], call, 'allowed'],
  ['any of several', [when(deny, { 'ForAnyValue:StringLike': { from: 'a*' } })], from(['b', 'ab']), 'denied'],
  ['none of several', [allow, when(deny, { 'ForAnyValue:StringLike': { from: 'a*' } })], from(['b', 'c']), 'allowed'],
  ['none at all', [allow, when(deny, { 'ForAnyValue:StringLike': { from: '*' } })], from(), 'allowed'],
  ['all of several', [when(allow, { 'ForAllValues:StringEquals': { from: ['a', 'b'] } })], from(['a', 'b']), 'allowed'],
  ['not all', [when(allow, { 'ForAllValues:StringEquals': { from: 'a' } })], from(['a', 'b']), 'not allowed'],
  ['all of none', [when(allow, { 'ForAllValues:StringEquals': { from: 'a' } })], from(), 'allowed'],
]

describe('IAM', () => {
  it.each(cases)('%s', (_, statements, asked, decision) => {
    expect(decide(statements, asked)).toBe(decision)
  })

  it.each([
    when(allow, { NumericLessThan: { from: '5' } }),
    when(allow, { StringEquals: { from: ['a'] } }),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM's
    { ...allow, Resource: ['bucket/${aws:PrincipalTag/team}'] },
  ])('is not guessed at: %o', statement => {
    expect(() => decide([statement], from(['a', 'b']))).toThrow(/not judged here|several values/)
  })
})
