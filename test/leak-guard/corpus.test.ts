import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { InspectedMail } from '../../functions/leak-guard/inspected-mail.ts'
import { families } from './corpus/families/index.ts'
import { honest, other, permitted, self } from './corpus/honest.ts'

const all = families.flatMap(family =>
  Object.entries(family.messages).map(([name, message]) => ({ family, name: `${family.name}: ${name}`, message })),
)
const written = (request: unknown) => inspect(request, { depth: null, maxArrayLength: null, maxStringLength: null })

describe('Alone: the corpus of bad messages', () => {
  it('begins with an honest message, which passes', () => {
    expect(InspectedMail.inspect(honest(), permitted).kind).toBe('passed')
  })

  describe.each(families)('$name', ({ messages, permitted: own = permitted }) => {
    it.each(Object.entries(messages))('refuses %s', (_, message) => {
      expect(InspectedMail.inspect(message(other), own).kind).toBe('refused')
    })
  })

  describe.each(families.filter(({ own }) => own === 'passes'))('$name', ({ messages, permitted: own = permitted }) => {
    it.each(Object.entries(messages))('passes %s when the address is the recipient’s own', (_, message) => {
      expect(InspectedMail.inspect(message(own.recipient), own)).toMatchObject({ kind: 'passed' })
    })
  })

  it('holds no message twice', () => {
    const byText = Map.groupBy(all, ({ message }) => written(message(other)))
    const twice = [...byText.values()].filter(same => same.length > 1)
    expect(twice.map(same => same.map(({ name }) => name))).toEqual([])
  })

  it('holds at least 400 messages, each family with a line on how it could happen', () => {
    expect(all.length).toBeGreaterThanOrEqual(400)
    for (const { happens } of families) expect(happens).toMatch(/^[A-Z].{30,}\.$/)
  })

  it('is about another than the recipient', () => {
    expect(other).not.toBe(self)
  })
})
