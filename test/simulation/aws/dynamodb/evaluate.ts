import { assertNever } from '../../../../functions/runtime/assert-never.ts'
import { type AttributeValue, equalValues, type Item, orderOf, textOf } from './attribute-values.ts'
import { invalid } from './dynamo-error.ts'
import type { Assigned, Comparator, Condition, Operand, Path, Update } from './expressions.ts'

/** What a request gives for the placeholders of its expressions. */
export interface Substitutions {
  readonly names: Readonly<Record<string, string>>
  readonly values: Readonly<Record<string, AttributeValue>>
}

export function holds(condition: Condition, item: Item, given: Substitutions): boolean {
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item, given) && holds(condition.right, item, given)
    case 'or':
      return holds(condition.left, item, given) || holds(condition.right, item, given)
    case 'not':
      return !holds(condition.condition, item, given)
    case 'exists':
      return (at(item, condition.path, given) !== undefined) === condition.exists
    case 'begins-with': {
      const prefix = textOf(operandValue(condition.prefix, item, given))
      return prefix !== undefined && (textOf(at(item, condition.path, given))?.startsWith(prefix) ?? false)
    }
    case 'between': {
      const value = operandValue(condition.operand, item, given)
      const [low, high] = [operandValue(condition.low, item, given), operandValue(condition.high, item, given)]
      return compares('>=', value, low) && compares('<=', value, high)
    }
    case 'in': {
      const value = operandValue(condition.operand, item, given)
      return condition.choices.some(choice => compares('=', value, operandValue(choice, item, given)))
    }
    case 'compare':
      return compares(
        condition.comparator,
        operandValue(condition.left, item, given),
        operandValue(condition.right, item, given),
      )
    default:
      return assertNever(condition)
  }
}

/** A missing attribute is only ever unequal. */
function compares(comparator: Comparator, a: AttributeValue | undefined, b: AttributeValue | undefined): boolean {
  if (comparator === '=') return a !== undefined && b !== undefined && equalValues(a, b)
  if (comparator === '<>') return !compares('=', a, b)
  const order = a === undefined || b === undefined ? undefined : orderOf(a, b)
  if (order === undefined) return false
  switch (comparator) {
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    default:
      return assertNever(comparator)
  }
}

/** The item after the update; every right-hand side speaks of the item before it. */
export function updated(update: Update, item: Item, given: Substitutions): Item {
  let after = item
  for (const { path, assigned } of update.set) {
    after = replacedAt(after, resolved(path, given), assignedValue(assigned, item, given))
  }
  for (const path of update.remove) after = replacedAt(after, resolved(path, given), undefined)
  return after
}

function assignedValue(assigned: Assigned, item: Item, given: Substitutions): AttributeValue {
  if (assigned.kind === 'operand') return present(operandValue(assigned.operand, item, given))
  const left = numberOf(present(operandValue(assigned.left, item, given)))
  const right = numberOf(present(operandValue(assigned.right, item, given)))
  return { N: String(left + assigned.sign * right) }
}

function present(value: AttributeValue | undefined): AttributeValue {
  if (value !== undefined) return value
  throw invalid('The provided expression refers to an attribute that does not exist in the item')
}

function numberOf(value: AttributeValue): number {
  if ('N' in value) return Number(value.N)
  throw invalid('An operand in the update expression has an incorrect data type')
}

function replacedAt(item: Item, [name = '', ...rest]: readonly string[], value: AttributeValue | undefined): Item {
  if (rest.length === 0) {
    if (value !== undefined) return { ...item, [name]: value }
    const { [name]: _, ...remaining } = item
    return remaining
  }
  const inner = item[name]
  if (inner === undefined || !('M' in inner)) {
    throw invalid('The document path provided in the update expression is invalid for update')
  }
  return { ...item, [name]: { M: replacedAt(inner.M, rest, value) } }
}

function operandValue(operand: Operand, item: Item, given: Substitutions): AttributeValue | undefined {
  switch (operand.kind) {
    case 'path':
      return at(item, operand.path, given)
    case 'if-not-exists':
      return at(item, operand.path, given) ?? operandValue(operand.otherwise, item, given)
    case 'value': {
      const value = given.values[operand.name]
      if (value === undefined) throw invalid(`An expression attribute value is not defined: ${operand.name}`)
      return value
    }
    default:
      return assertNever(operand)
  }
}

export function at(item: Item, path: Path, given: Substitutions): AttributeValue | undefined {
  const [first = '', ...rest] = resolved(path, given)
  return rest.reduce((value: AttributeValue | undefined, name) => {
    return value !== undefined && 'M' in value ? value.M[name] : undefined
  }, item[first])
}

export function resolved(path: Path, { names }: Substitutions): readonly string[] {
  return path.map(segment => {
    if (!segment.startsWith('#')) return segment
    const name = names[segment]
    if (name === undefined) throw invalid(`An expression attribute name is not defined: ${segment}`)
    return name
  })
}
