import type { Assigned, Comparator, Condition, Operand, Parsed, Path, Update } from './expressions.ts'
import { Tokens } from './tokens.ts'

const COMPARATORS: readonly Comparator[] = ['=', '<>', '<', '<=', '>', '>=']

/** Condition and key-condition expressions. The adapters use a few texts again and again: each is parsed once. */
export const parseCondition = cached(tokens => oneOf(tokens, disjunction))
export const parseUpdate = cached(tokens => oneOf(tokens, update))
export const parseProjection = cached(tokens => oneOf(tokens, list(path)))

type Parse<Expression> = (tokens: Tokens) => Expression

function cached<Expression>(parse: Parse<Expression>): (text: string) => Parsed<Expression> {
  const parsed = new Map<string, Parsed<Expression>>()
  return text => {
    const known = parsed.get(text)
    if (known !== undefined) return known
    const tokens = new Tokens(text)
    const fresh = { expression: parse(tokens), placeholders: tokens.placeholders }
    parsed.set(text, fresh)
    return fresh
  }
}

function oneOf<Expression>(tokens: Tokens, parse: Parse<Expression>): Expression {
  const expression = parse(tokens)
  return tokens.ended ? expression : tokens.refuse()
}

function list<Expression>(parse: Parse<Expression>): Parse<readonly Expression[]> {
  return tokens => {
    const parsed = [parse(tokens)]
    while (tokens.accept(',')) parsed.push(parse(tokens))
    return parsed
  }
}

function disjunction(tokens: Tokens): Condition {
  let left = conjunction(tokens)
  while (tokens.accept('OR')) left = { kind: 'or', left, right: conjunction(tokens) }
  return left
}

function conjunction(tokens: Tokens): Condition {
  let left = negation(tokens)
  while (tokens.accept('AND')) left = { kind: 'and', left, right: negation(tokens) }
  return left
}

function negation(tokens: Tokens): Condition {
  if (tokens.accept('NOT')) return { kind: 'not', condition: negation(tokens) }
  if (tokens.accept('(')) {
    const inner = disjunction(tokens)
    tokens.expect(')')
    return inner
  }
  return tokens.peek(1) === '(' ? functionCall(tokens) : comparison(tokens)
}

function functionCall(tokens: Tokens): Condition {
  const name = tokens.peek()
  switch (name) {
    case 'attribute_exists':
    case 'attribute_not_exists': {
      const [named] = argumentsOf(tokens, 1)
      if (named?.kind !== 'path') return tokens.refuse()
      return { kind: 'exists', path: named.path, exists: name === 'attribute_exists' }
    }
    case 'begins_with': {
      const [named, prefix] = argumentsOf(tokens, 2)
      if (named?.kind !== 'path' || prefix === undefined) return tokens.refuse()
      return { kind: 'begins-with', path: named.path, prefix }
    }
    default:
      return tokens.refuse()
  }
}

function argumentsOf(tokens: Tokens, count: number): readonly Operand[] {
  tokens.take()
  tokens.expect('(')
  const given = list(operand)(tokens)
  tokens.expect(')')
  return given.length === count ? given : tokens.refuse()
}

function comparison(tokens: Tokens): Condition {
  const left = operand(tokens)
  if (tokens.accept('BETWEEN')) {
    const low = operand(tokens)
    tokens.expect('AND')
    return { kind: 'between', operand: left, low, high: operand(tokens) }
  }
  if (tokens.accept('IN')) {
    tokens.expect('(')
    const choices = list(operand)(tokens)
    tokens.expect(')')
    return { kind: 'in', operand: left, choices }
  }
  const comparator = COMPARATORS.find(known => tokens.accept(known))
  if (comparator === undefined) return tokens.refuse()
  return { kind: 'compare', comparator, left, right: operand(tokens) }
}

function operand(tokens: Tokens): Operand {
  if (tokens.peek().startsWith(':')) return { kind: 'value', name: tokens.take() }
  if (tokens.peek() === 'if_not_exists') {
    const [named, otherwise] = argumentsOf(tokens, 2)
    if (named?.kind !== 'path' || otherwise === undefined) return tokens.refuse()
    return { kind: 'if-not-exists', path: named.path, otherwise }
  }
  return { kind: 'path', path: path(tokens) }
}

function path(tokens: Tokens): Path {
  const segment = () => (/^#?\w/.test(tokens.peek()) ? tokens.take() : tokens.refuse())
  const segments = [segment()]
  while (tokens.accept('.')) segments.push(segment())
  return segments
}

function update(tokens: Tokens): Update {
  const parsed: { set: Update['set']; remove: Update['remove'] } = { set: [], remove: [] }
  while (!tokens.ended) {
    if (tokens.accept('SET')) parsed.set = [...parsed.set, ...list(assignment)(tokens)]
    else if (tokens.accept('REMOVE')) parsed.remove = [...parsed.remove, ...list(path)(tokens)]
    else tokens.refuse()
  }
  return parsed
}

function assignment(tokens: Tokens): Update['set'][number] {
  const target = path(tokens)
  tokens.expect('=')
  return { path: target, assigned: assigned(tokens) }
}

function assigned(tokens: Tokens): Assigned {
  const left = operand(tokens)
  if (tokens.accept('+')) return { kind: 'sum', sign: 1, left, right: operand(tokens) }
  if (tokens.accept('-')) return { kind: 'sum', sign: -1, left, right: operand(tokens) }
  return { kind: 'operand', operand: left }
}
