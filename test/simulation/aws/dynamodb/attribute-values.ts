import { OutsideSimulation } from '../outside-simulation.ts'

/** Values as DynamoDB writes them in JSON; those of the kinds that the tables hold. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: boolean }
  | { readonly M: Item }
  | { readonly L: readonly AttributeValue[] }

export interface Item {
  readonly [name: string]: AttributeValue
}

/** Numbers by value, everything else by what it is; different kinds are never equal. */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  if ('N' in a) return 'N' in b && Number(a.N) === Number(b.N)
  if ('S' in a) return 'S' in b && a.S === b.S
  if ('BOOL' in a) return 'BOOL' in b && a.BOOL === b.BOOL
  if ('NULL' in a) return 'NULL' in b
  if ('L' in a) return 'L' in b && a.L.length === b.L.length && a.L.every((value, index) => equalAt(value, b.L[index]))
  if (!('M' in b)) return false
  const names = Object.keys(a.M)
  return names.length === Object.keys(b.M).length && names.every(name => equalAt(a.M[name], b.M[name]))
}

const equalAt = (a: AttributeValue | undefined, b: AttributeValue | undefined) =>
  a !== undefined && b !== undefined && equalValues(a, b)

/** Below zero, zero, above zero; undefined when the two have no order. */
export function orderOf(a: AttributeValue, b: AttributeValue): number | undefined {
  if ('N' in a && 'N' in b) return Number(a.N) - Number(b.N)
  if ('S' in a && 'S' in b) return a.S < b.S ? -1 : a.S > b.S ? 1 : 0
  return undefined
}

export function textOf(value: AttributeValue | undefined): string | undefined {
  return value !== undefined && 'S' in value ? value.S : undefined
}

/** An item as its writer knows it. */
export function toPlain(item: Item): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]))
}

function plainValue(value: AttributeValue): unknown {
  if ('S' in value) return value.S
  if ('N' in value) return Number(value.N)
  if ('BOOL' in value) return value.BOOL
  if ('NULL' in value) return null
  if ('M' in value) return toPlain(value.M)
  if ('L' in value) return value.L.map(plainValue)
  throw new OutsideSimulation(`attribute values of the kind ${Object.keys(value).join()}`)
}
