import type * as z from 'zod'
import { type FieldError, type Refusal, refusal } from './problems.ts'

/** What a schema found wrong with a request, fault by fault. */
export function invalidRequest(issues: readonly z.core.$ZodIssue[], part: string): Refusal<'invalid-request'> {
  const errors = issues.flatMap(issue => fieldErrors(issue, part))
  const count = errors.length === 1 ? '1 field is' : `${errors.length} fields are`
  return refusal('invalid-request', `${count} not as they must be; see errors.`, errors)
}

function fieldErrors(issue: z.core.$ZodIssue, part: string): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({
      ...place([...issue.path, key], part),
      detail: 'This field is not known.',
      remedy: 'Remove it, or correct its name.',
    }))
  }
  return [{ ...place(issue.path, part), detail: describe(issue) }]
}

/** What is wrong in the words of this API, where the schema's own would not say what to do. */
function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return 'This field is missing. Add it.'
  if (issue.code === 'too_small' && issue.origin === 'string' && issue.minimum === 1) {
    return 'This field is empty. Write what belongs there.'
  }
  if (issue.code === 'too_big' && issue.origin === 'string') {
    return `This field is longer than ${issue.maximum} characters. Shorten it.`
  }
  return issue.message
}

/** What the names of fields, locales and parameters look like, and places in a list. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,31}$|^\d{1,9}$/

/** A name may be an address that was put in the wrong place. */
function place(path: readonly PropertyKey[], part: string): Pick<FieldError, 'pointer' | 'parameter'> {
  const named = path.map(String).map(name => (NAME.test(name) ? name : '…'))
  return part === 'json' ? { pointer: jsonPointer(named) } : { parameter: named.join('.') }
}

/** A JSON pointer (RFC 6901). */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map(token => `/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
