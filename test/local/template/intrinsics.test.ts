import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Intrinsics } from '../../../local/template/intrinsics.ts'
import { templateSchema } from '../../../local/template/resource-template.ts'
import { resources, scope } from './fixture.ts'

const intrinsics = new Intrinsics(templateSchema.parse({ Resources: resources }), scope)
const resolve = (value: unknown) => intrinsics.resolve(value, 'Here')

test.each([
  [{ Ref: 'Handler' }, 'Handler'],
  [{ Ref: 'Audience' }, 'audience'],
  [{ Ref: 'Events' }, 'arn:aws:sns:eu-west-1:000000000000:Events'],
  [{ Ref: 'AWS::AccountId' }, '000000000000'],
  [{ Ref: 'AWS::StackName' }, 'OnlyTo'],
  [{ 'Fn::GetAtt': ['Deliveries', 'Arn'] }, 'arn:aws:dynamodb:eu-west-1:000000000000:table/Deliveries'],
  [{ 'Fn::GetAtt': 'Batches.QueueName' }, 'Batches'],
  [{ 'Fn::GetAtt': ['Audience', 'Arn'] }, 'arn:aws:s3:::audience'],
  [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 'b']] }, 'a-eu-west-1-b'],
  [{ 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
  [
    { 'Fn::Sub': `\${AWS::Partition}:\${Handler}:\${Batches.QueueName}:\${!Literal}` },
    `aws:Handler:Batches:\${Literal}`,
  ],
  [{ 'Fn::Sub': [`\${Name}-\${AWS::Region}`, { Name: { Ref: 'Handler' } }] }, 'Handler-eu-west-1'],
  [
    { a: 1, b: { Ref: 'AWS::NoValue' }, c: [{ Ref: 'AWS::NoValue' }, true] },
    { a: 1, c: [true] },
  ],
])('%j is %j', (value, expected) => {
  expect(resolve(value)).toEqual(expected)
})

test.each([
  [{ 'Fn::ImportValue': 'Other' }, /Here: the local stack does not know Fn::ImportValue/],
  [{ deep: [{ 'Fn::If': ['Big', 1, 2] }] }, /Here\.deep\[0\]: the local stack does not know Fn::If/],
  [{ Ref: 'Absent' }, /Here: refers to Absent, which the template does not hold/],
  [{ Ref: 'Uploaded' }, /Here: refers to Uploaded \(AWS::Events::Rule\), whose names/],
  [{ 'Fn::GetAtt': ['Handler', 'SnapStartResponse'] }, /Here: .* does not know Handler\.SnapStartResponse/],
  [{ 'Fn::Select': [3, ['a']] }, /Here: Fn::Select/],
  [{ 'Fn::Join': ['', 'text'] }, /Here: expected a list/],
])('%j is refused, with its place', (value, message) => {
  expect(() => resolve(value)).toThrow(message)
})

test('what holds no intrinsic function stays as it is', () => {
  const plain = fc.jsonValue().filter(value => !/"(Ref|Fn::[^"]*)":/.test(JSON.stringify(value)))
  fc.assert(
    fc.property(plain, value => {
      expect(resolve(value)).toEqual(value)
    }),
  )
})
