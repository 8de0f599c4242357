/** What DynamoDB counts an item as: names and strings in UTF-8, two digits of a number a byte, one byte an element. */
export function sizeOfItem(item: object): number {
  const present = Object.entries(item).filter(([, value]) => value !== undefined)
  return present.reduce((size, [name, value]) => size + Buffer.byteLength(name) + sizeOf(value), 0)
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'number') return Math.ceil(String(value).replaceAll(/[-.]/g, '').length / 2) + 1
  if (Array.isArray(value)) return value.reduce<number>((size, element) => size + 1 + sizeOf(element), 3)
  if (typeof value === 'object' && value !== null) return 3 + Object.keys(value).length + sizeOfItem(value)
  return value === undefined ? 0 : 1
}
