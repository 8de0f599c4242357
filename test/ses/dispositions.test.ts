import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Disposition, dispositionOf, dispositions } from '../../functions/ses/dispositions.ts'

/** Every error that SESv2 models for SendEmail or publishes as common, with its HTTP status. */
const published: readonly [string, number, Disposition][] = [
  ['TooManyRequestsException', 429, 'throttled'],
  ['LimitExceededException', 400, 'hold'],
  ['AccountSuspendedException', 400, 'stop-all'],
  ['SendingPausedException', 400, 'stop-all'],
  ['MessageRejected', 400, 'stop-notice'],
  ['MailFromDomainNotVerifiedException', 400, 'stop-notice'],
  ['NotFoundException', 404, 'stop-notice'],
  ['BadRequestException', 400, 'stop-notice'],
  ['ConflictException', 409, 'stop-notice'],
  ['InternalServiceErrorException', 500, 'in-doubt'],
  ['ConcurrentModificationException', 500, 'in-doubt'],
  ['AccessDeniedException', 403, 'stop-all'],
  ['ExpiredTokenException', 403, 'stop-all'],
  ['IncompleteSignature', 403, 'stop-all'],
  ['InternalFailure', 500, 'in-doubt'],
  ['MalformedHttpRequestException', 400, 'stop-notice'],
  ['NotAuthorized', 401, 'stop-all'],
  ['OptInRequired', 403, 'stop-all'],
  ['RequestAbortedException', 400, 'in-doubt'],
  ['RequestEntityTooLargeException', 413, 'stop-notice'],
  ['RequestTimeoutException', 408, 'in-doubt'],
  ['ServiceUnavailable', 503, 'in-doubt'],
  ['ThrottlingException', 400, 'throttled'],
  ['UnknownOperationException', 404, 'stop-notice'],
  ['UnrecognizedClientException', 403, 'stop-all'],
  ['ValidationError', 400, 'stop-notice'],
]

const error = (name: string, httpStatus: number | undefined, text = 'no', namesRecipient = false) =>
  dispositionOf({ name, text, httpStatus, namesRecipient })

describe('The disposition table', () => {
  it.each(published)('%s (%i) means %s', (name, status, disposition) => {
    expect(error(name, status)).toBe(disposition)
  })

  it('has a rule of its own for every published error', () => {
    for (const [name] of published) expect(dispositions.map(rule => rule.error)).toContain(name)
  })

  it('takes a lost answer and every 5xx for doubt, whatever its name', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.option(fc.integer({ min: 500, max: 599 }), { nil: undefined }),
        (name, text, status) => {
          expect(error(name, status, text)).toBe('in-doubt')
        },
      ),
    )
  })

  it('never takes a 4xx that it does not know for an acceptance or a passing thing', () => {
    expect(error('SomethingNewException', 418)).toBe('stop-notice')
  })

  it('tells the daily quota from the rate by the text', () => {
    expect(error('TooManyRequestsException', 429, 'Daily message quota exceeded.')).toBe('hold')
    expect(error('ThrottlingException', 400, 'Daily message quota exceeded.')).toBe('hold')
    expect(error('ThrottlingException', 400, 'Maximum sending rate exceeded.')).toBe('throttled')
  })

  it('blames the recipient only when the answer is about the address', () => {
    expect(error('BadRequestException', 400, 'Illegal address')).toBe('recipient-failed')
    expect(error('BadRequestException', 400, "Missing final '@domain'")).toBe('recipient-failed')
    const notVerified = 'Email address is not verified. The following identities failed the check'
    expect(error('MessageRejected', 400, notVerified, true)).toBe('recipient-failed-for-now')
    expect(error('MessageRejected', 400, notVerified, false)).toBe('stop-notice')
  })
})
