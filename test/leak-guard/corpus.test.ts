import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { InspectedMail } from '../../functions/leak-guard/inspected-mail.ts'
import { families } from './corpus/families/index.ts'
import type { Family } from './corpus/family.ts'
import { honest, other, permitted, self } from './corpus/honest.ts'

const all = families.flatMap(family =>
  Object.entries(family.messages).map(([name, message]) => ({ name: `${family.name}: ${name}`, message })),
)
const written = (request: unknown) => inspect(request, { depth: null, maxArrayLength: null, maxStringLength: null })

/** The names of the family's messages that pass when this address is in them. */
function passing(family: Family, address: string): readonly string[] {
  const { messages, permitted: whose = permitted } = family
  return Object.entries(messages)
    .filter(([, message]) => InspectedMail.inspect(message(address), whose).kind === 'passed')
    .map(([name]) => name)
}

describe('Alone: the corpus of bad messages', () => {
  it('begins with an honest message, which passes', () => {
    expect(InspectedMail.inspect(honest(), permitted).kind).toBe('passed')
  })

  it.each(families)('refuses every message of: $name', family => {
    expect(passing(family, other)).toEqual([])
  })

  it.each(families.filter(({ own }) => own === 'passes'))(
    'passes every message with the recipient’s own address of: $name',
    family => {
      expect(passing(family, self)).toEqual(Object.keys(family.messages))
    },
  )

  it('holds no message twice', () => {
    const byText = Map.groupBy(all, ({ message }) => written(message(other)))
    const twice = [...byText.values()].filter(same => same.length > 1)
    expect(twice.map(same => same.map(({ name }) => name))).toEqual([])
  })

  it('holds at least 800 messages, each family with a line on how it could happen', () => {
    expect(all.length).toBeGreaterThanOrEqual(800)
    for (const { happens } of families) expect(happens).toMatch(/^[A-Z].{30,}\.$/)
    expect(new Set(families.map(({ name }) => name)).size).toBe(families.length)
  })
})
