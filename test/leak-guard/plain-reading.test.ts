import { describe, expect, it } from 'vitest'
import { inspectText } from '../../functions/leak-guard/text-inspection.ts'
import { permitted, self } from './corpus/honest.ts'

const ruleOf = (text: string) => inspectText(text, permitted)?.rule ?? 'passed'

/** What stands for the own address after so many encodings of one kind. */
const levels = (kind: (text: string) => string, count: number) => {
  let text = self
  for (let level = 0; level < count; level++) text = kind(text)
  return text
}
const percent = (text: string) => text.replaceAll('%', '%25').replace('@', '%40')
const entity = (text: string) => text.replaceAll('&', '&amp;').replace('@', '&#64;')
const both = (text: string) => entity(percent(text))

describe('Encodings in encodings', () => {
  it.each([
    ['percent-encoding', percent, 7],
    ['entities', entity, 7],
  ])('are undone in up to seven levels of %s, and refused beyond', (_, kind, most) => {
    const rules = Array.from({ length: 12 }, (_, level) => ruleOf(`to ${levels(kind, level)} now`))
    expect(rules.slice(0, most + 1)).toEqual(Array(most + 1).fill('passed'))
    expect(rules.slice(most + 1)).toEqual(Array(11 - most).fill('hidden-text'))
  })

  it('are undone in any order', () => {
    expect(ruleOf(levels(both, 3))).toBe('passed')
    expect(ruleOf(levels(both, 12))).toBe('hidden-text')
  })
})

describe('A link over several lines', () => {
  it.each([
    ['\n', 'a line break'],
    ['\r\n', 'a line break of a mail'],
    ['\t', 'a tab'],
    ['\n\n\t', 'several of them'],
  ])('is one link, with %j in it: %s', gap => {
    const [local, domain] = self.split('@')
    expect(ruleOf(`<a href="mailto:${local}@${gap}${domain}">`)).toBe('passed')
    expect(ruleOf(`<a href='MAILTO:x${gap}${self}'>`)).toBe('foreign-address')
    expect(ruleOf(`<a href="mailto:${self}${gap}.test">`)).toBe('foreign-address')
    expect(ruleOf(`<a href="mailto:other.customer${gap}@${gap}example.org">`)).toBe('foreign-address')
  })

  it.each([`"mailto:${self}\nKonto <b>`, `mailto:${self}\nKonto"`, `"mailto:${self}\nKonto`, `"to:${self}\nKonto"`])(
    'is none where quotes do not enclose it: %j',
    text => {
      expect(ruleOf(text)).toBe('passed')
    },
  )
})

describe('An entity without its end', () => {
  it.each(['r&lt@example.org', 'r&#108@example.org', 'r&amp@example.org', `r&lt@${self.replace('@', '.')}`])(
    'is part of the name when a sign follows: %s',
    text => {
      expect(ruleOf(text)).toBe('foreign-address')
    },
  )

  it('is one in other places', () => {
    expect(ruleOf(`x &lt ${self}`)).toBe('passed')
    expect(ruleOf(`x &lt${self}`)).toBe('passed')
  })
})
