import { describe, expect, it } from 'vitest'
import { findingOnWire, WireRefusal } from '../../functions/ses/wire-check.ts'
import { inspectedMail, other, recipient, request } from '../ses/wire-world.ts'

const send = { method: 'POST', path: '/v2/email/outbound-emails', query: {}, body: JSON.stringify(request) }
const changed = (from: string, to: string) => ({ ...send, body: send.body.replace(from, to) })
const finding = (rule: string, field: string) => ({ rule, field, excerpt: '' })

describe('What stands on the wire', () => {
  it.each([
    ['text', send],
    ['bytes', { ...send, body: new TextEncoder().encode(send.body) }],
    ['text, of a request without a query', { ...send, query: undefined }],
  ])('passes as %s when it says what was inspected', (_, given) => {
    expect(findingOnWire(given, inspectedMail())).toBeUndefined()
    expect(findingOnWire(given, undefined)).toEqual(finding('uninspected', 'input'))
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'POST /v2/email/outbound-emails'],
    ['another operation', { ...send, path: '/v2/email/outbound-bulk-emails' }],
    ['another method', { ...send, method: 'PUT' }],
    ['a query', { ...send, query: { a: 'b' } }],
    ['a query that is null', { ...send, query: null }],
    ['a query that is an empty text', { ...send, query: '' }],
    ['a query that is a number', { ...send, query: 7 }],
  ])('is not SendEmail if it is %s', (_, given) => {
    expect(findingOnWire(given, inspectedMail())).toEqual(finding('closed-request', 'operation'))
  })

  it.each<[string, unknown]>([
    ['missing', undefined],
    ['null', null],
    ['empty', ''],
    ['a stream', new ReadableStream()],
    ['an object that writes itself as the message', { toString: () => send.body }],
    ['no JSON', `${send.body}}`],
    ['a number', '7'],
    ['null in JSON', 'null'],
  ])('has no body that can be read if it is %s', (_, body) => {
    expect(findingOnWire({ ...send, body }, inspectedMail())).toMatchObject({ rule: 'closed-request' })
  })

  it.each([
    ['a key that stands in it twice', changed('{', '{"FromEmailAddress":"x",'), finding('closed-request', 'body')],
    ['a space that no client writes', changed('{', '{ '), finding('closed-request', 'body')],
    ['another To', changed(recipient, other), finding('right-recipient', 'Destination')],
    ['another text', changed('all quiet', 'all well'), finding('uninspected', 'Content')],
    ['another tag', changed('"key"', '"other"'), finding('uninspected', 'EmailTags')],
    ['another configuration set', changed('"notices"', '"other"'), finding('uninspected', 'ConfigurationSetName')],
    ['a reply-to', changed('{', '{"ReplyToAddresses":["a@b.c"],'), finding('uninspected', 'body')],
    [
      'a copy',
      changed('"ToAddresses"', '"CcAddresses":[],"ToAddresses"'),
      finding('closed-request', 'Destination.CcAddresses'),
    ],
  ])('is stopped for %s', (_, given, found) => {
    expect(findingOnWire(given, inspectedMail())).toEqual(found)
  })
})

describe('A refusal on the wire', () => {
  it('is a defect that names the rule and the field', () => {
    const refusal = new WireRefusal({ rule: 'uninspected', field: 'input', excerpt: '' })
    expect(refusal).toMatchObject({
      code: 'wire-refusal',
      message: 'A request to SES was stopped: uninspected in input',
      finding: finding('uninspected', 'input'),
    })
  })
})
