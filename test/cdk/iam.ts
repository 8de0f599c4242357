import * as z from 'zod'

const oneOrMany = <Item extends z.ZodType>(item: Item) => z.union([z.array(item), item.transform(value => [value])])
const keys = z.record(z.string(), z.unknown())

/** A statement of a policy, its resources still in CloudFormation's words. Strict: what is not known here is not judged. */
export const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMany(z.string()).optional(),
  NotAction: oneOrMany(z.string()).optional(),
  Resource: oneOrMany(z.unknown()).optional(),
  NotResource: oneOrMany(z.unknown()).optional(),
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), keys).optional(),
})

/** A statement whose resources are plain text, with `*` and `?` as IAM has them. */
export interface Statement extends Omit<z.output<typeof statementSchema>, 'Resource' | 'NotResource'> {
  readonly Resource?: readonly string[] | undefined
  readonly NotResource?: readonly string[] | undefined
}

/** A call as IAM judges it: one action, on all that it touches, with what is known of the request. */
export interface Call {
  readonly action: string
  /** Each of them must be allowed. An action that knows no resource has `*`. */
  readonly resources: readonly string[]
  readonly context?: Readonly<Record<string, string | readonly string[]>>
}

export type Decision = 'allowed' | 'not allowed' | 'denied'

/**
 * IAM's verdict, as its User Guide has it ("Policy evaluation logic"): a denial wins, silence is no permission. It knows what
 * the template uses and throws on the rest, so that a new operator is never judged by guesswork.
 */
export function decide(statements: readonly Statement[], { action, resources, context = {} }: Call): Decision {
  const about = statements.filter(statement => namesAction(statement, action) && conditionsHold(statement, context))
  const on = (resource: string, effect: Statement['Effect']) =>
    about.some(statement => statement.Effect === effect && namesResource(statement, resource))
  if (resources.some(resource => on(resource, 'Deny'))) return 'denied'
  return resources.every(resource => on(resource, 'Allow')) ? 'allowed' : 'not allowed'
}

const namesAction = ({ Action, NotAction }: Statement, action: string) => {
  const matches = (pattern: string) => like(pattern.toLowerCase(), action.toLowerCase())
  return NotAction === undefined ? (Action ?? []).some(matches) : !NotAction.some(matches)
}

const namesResource = ({ Resource, NotResource }: Statement, resource: string) => {
  const matches = (pattern: string) => like(pattern, resource)
  return NotResource === undefined ? (Resource ?? []).some(matches) : !NotResource.some(matches)
}

const patterns = new Map<string, RegExp>()

function like(pattern: string, text: string): boolean {
  if (pattern.includes('${')) throw new TypeError(`Policy variables are not judged here: ${pattern}`)
  const known = patterns.get(pattern)
  if (known !== undefined) return known.test(text)
  const source = pattern
    .replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const made = new RegExp(`^${source}$`, 's')
  patterns.set(pattern, made)
  return made.test(text)
}

const conditionsHold = ({ Condition = {} }: Statement, context: NonNullable<Call['context']>) =>
  Object.entries(Condition).every(([operator, tests]) =>
    Object.entries(tests).every(([key, given]) => {
      const wanted = (Array.isArray(given) ? given : [given]).map(String)
      const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1]
      return conditionHolds(operator, wanted, found === undefined ? undefined : [found].flat())
    }),
  )

function conditionHolds(operator: string, wanted: readonly string[], found: readonly string[] | undefined): boolean {
  if (operator === 'Null') return wanted.includes(String(found === undefined || found.length === 0))
  const [, quantifier, plain = '', ifExists] =
    /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(operator) ?? []
  const test = tests[plain]
  if (test === undefined) throw new TypeError(`The condition operator ${operator} is not judged here`)
  const holds = (value: string) => test(value, wanted)
  if (found === undefined || found.length === 0) {
    // An absent key meets a negated operator, ForAllValues and IfExists; it meets no ForAnyValue and no other operator.
    return (
      ifExists !== undefined || quantifier === 'ForAllValues' || (quantifier === undefined && plain.includes('Not'))
    )
  }
  if (quantifier === 'ForAnyValue') return found.some(holds)
  if (quantifier === undefined && found.length > 1) throw new TypeError(`${operator} is asked of several values`)
  return found.every(holds)
}

/** Whether one value of the request meets the operator, of which the policy may give several values. */
const tests: Readonly<Record<string, (value: string, wanted: readonly string[]) => boolean>> = {
  StringEquals: (value, wanted) => wanted.includes(value),
  StringNotEquals: (value, wanted) => !wanted.includes(value),
  StringLike: (value, wanted) => wanted.some(pattern => like(pattern, value)),
  StringNotLike: (value, wanted) => !wanted.some(pattern => like(pattern, value)),
  ArnEquals: (value, wanted) => wanted.some(pattern => like(pattern, value)),
  ArnLike: (value, wanted) => wanted.some(pattern => like(pattern, value)),
  Bool: (value, wanted) => wanted.includes(value),
}
