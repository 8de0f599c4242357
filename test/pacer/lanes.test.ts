import { domainToASCII } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CEILING_MAX, LANES_MAX, laneFinder, lanesSchema, lanesText } from '../../functions/pacer/lanes.ts'
import { parseAddress } from '../../functions/recipient/address.ts'

const faultsOf = (given: unknown) => lanesSchema.safeParse(given).error?.issues.map(({ message }) => message) ?? []

const label = fc.constantFrom('yahoo', 'mail', 'co', 'com', 'uk', '163', 'xn--mnchen-3ya', 'a', 'b')
const domain = fc.array(label, { minLength: 2, maxLength: 5 }).map(labels => labels.join('.'))
const pattern = fc
  .array(fc.oneof({ weight: 3, arbitrary: label }, { weight: 1, arbitrary: fc.constant('*') }), {
    minLength: 2,
    maxLength: 5,
  })
  .map(labels => labels.join('.'))
  .filter(text => faultsOf({ [text]: 1 }).length === 0)
const patterns = fc.uniqueArray(pattern, { maxLength: LANES_MAX })
const lanesOf = (names: readonly string[]) => Object.fromEntries(names.map(name => [name, 5]))

/** Label by label, as the words of the contract say it. */
function covers([first, ...rest]: readonly string[], labels: readonly string[]): boolean {
  const [label, ...others] = labels
  if (first === undefined || label === undefined) return first === label
  if (first !== '*') return first === label && covers(rest, others)
  return covers(rest, others) || covers([first, ...rest], others)
}

describe('A domain is in a lane', () => {
  const yahoo = laneFinder({ 'yahoo.*': 50 })
  it.each(['yahoo.com', 'yahoo.co.uk', 'yahoo.co.jp'])('yahoo.* has %s', found => {
    expect(yahoo(found)).toBe('yahoo.*')
  })

  it.each(['notyahoo.com', 'mail.yahoo.com', 'yahoo', 'yahoo.', 'yahoo-inc.com', 'yahooxcom', 'com.yahoo'])(
    'yahoo.* has not %s',
    missed => {
      expect(yahoo(missed)).toBeUndefined()
    },
  )

  it('if the labels of a pattern are its labels, with one or more for each *', () => {
    fc.assert(
      fc.property(pattern, domain, (name, found) => {
        const expected = covers(name.split('.'), found.split('.')) ? name : undefined
        expect(laneFinder({ [name]: 5 })(found)).toBe(expected)
      }),
      { numRuns: 2_000 },
    )
  })

  it('the most exact one that has it: without a * before with one, longer before shorter, in any order given', () => {
    fc.assert(
      fc.property(patterns, domain, fc.boolean(), (names, found, alsoItself) => {
        const given = alsoItself ? [...new Set([...names, found])] : names
        const lane = laneFinder(lanesOf(given))(found)
        expect(laneFinder(lanesOf(given.toReversed()))(found)).toBe(lane)
        const having = given.filter(name => covers(name.split('.'), found.split('.')))
        expect(lane === undefined).toBe(having.length === 0)
        if (lane === undefined) return
        expect(having).toContain(lane)
        if (having.includes(found)) expect(lane).toBe(found)
        else expect(lane.length).toBe(Math.max(...having.map(({ length }) => length)))
      }),
      { numRuns: 2_000 },
    )
    const find = laneFinder({ 'yahoo.*': 50, 'yahoo.co.*': 20, 'yahoo.co.jp': 5 })
    expect([laneFinder({ '*.b': 5, 'a.*': 5 })('a.b'), laneFinder({ 'a.*': 5, '*.b': 5 })('a.b')]).toEqual([
      '*.b',
      '*.b',
    ])
    expect(['yahoo.com', 'yahoo.co.uk', 'yahoo.co.jp'].map(find)).toEqual(['yahoo.*', 'yahoo.co.*', 'yahoo.co.jp'])
  })

  it('as addresses have it: in lower case and Punycode', () => {
    const find = laneFinder({ [domainToASCII('münchen.example')]: 5, '163.com': 5 })
    const laneOf = (text: string) => {
      const parsed = parseAddress(text)
      return parsed.kind === 'valid' ? find(parsed.address.slice(parsed.address.indexOf('@') + 1)) : undefined
    }
    expect(laneOf('Ada@München.example')).toBe('xn--mnchen-3ya.example')
    expect(laneOf('ADA@163.COM')).toBe('163.com')
  })

  it('without lanes never', () => {
    fc.assert(fc.property(domain, found => laneFinder({})(found) === undefined))
  })

  it('within two milliseconds of processor, whatever domain is made for it', () => {
    const find = laneFinder({ '*.a.*': 5, '*.*.a': 5, '*.a.a': 5 })
    const hostile = ['a.'.repeat(126), '.a'.repeat(126), 'a.b.'.repeat(62)].map(text => `${text}b`)
    for (const text of hostile) find(text)
    const before = process.cpuUsage()
    for (let times = 0; times < 20; times++) for (const text of hostile) find(text)
    expect(process.cpuUsage(before).user / (20 * hostile.length)).toBeLessThan(2_000)
  })
})

describe('Lanes are refused, with the pattern and what is wrong,', () => {
  it.each([
    ['of somebody', { 'ada@qq.com': 5 }, '"ada@qq.com" names no lane: it is a domain, without the part before the @'],
    ['in capitals', { 'Yahoo.com': 5 }, '"Yahoo.com" names no lane: write it in lower case'],
    ['of an empty label', { 'yahoo..com': 5 }, '"yahoo..com" names no lane: no part between its dots may be empty'],
    ['of a dot at the end', { 'yahoo.com.': 5 }, '"yahoo.com." names no lane: no part between its dots may be empty'],
    ['of nothing', { '': 5 }, '"" names no lane: no part between its dots may be empty'],
    ['of one label', { yahoo: 5 }, '"yahoo" names no lane: it is a whole domain, such as 163.com or yahoo.*'],
    ['of everybody', { '*': 5 }, '"*" names no lane: it is a whole domain, such as 163.com or yahoo.*'],
    ['of half a label', { 'yahoo*.com': 5 }, '"yahoo*.com" names no lane: a * stands for whole parts between dots'],
    ['of too many *', { '*.yahoo.*.*': 5 }, '"*.yahoo.*.*" names no lane: it has 3 *, and at most 2 are possible'],
    [
      'of a space',
      { 'a b.com': 5 },
      '"a b.com" names no lane: its parts are made of letters, digits and inner hyphens',
    ],
    ['of a regex', { '(a+)+.com': 5 }, '"(a+)+.com" names no lane: its parts are made of letters, digits'],
    ['not in Punycode', { 'münchen.example': 5 }, 'write "münchen" as addresses have it, xn--mnchen-3ya'],
    [
      'of no ceiling',
      { 'qq.com': 0 },
      'the ceiling of "qq.com" is a number of recipients a second from 0.01 to 100000',
    ],
    ['of a huge ceiling', { 'qq.com': CEILING_MAX + 1 }, 'the ceiling of "qq.com" is a number'],
    ['of a ceiling as text', { 'qq.com': '5' }, 'the ceiling of "qq.com" is a number'],
    ['that are a list', ['qq.com'], 'it is not an object such as {"163.com":5,"yahoo.*":50}'],
    ['that are nothing', null, 'it is not an object such as'],
    ['of a prototype', JSON.parse('{"__proto__":5}'), '"__proto__" names no lane'],
  ])('%s', (_, given, fault) => {
    expect(faultsOf(given)).toEqual([expect.stringContaining(fault)])
  })

  it('all that are wrong at once', () => {
    expect(faultsOf({ 'qq.com': -1, 'A.com': 5, '163.com': 5 })).toHaveLength(2)
  })

  it('if there are too many, or their text is too long for an environment', () => {
    const many = (count: number, length: number) =>
      lanesOf(Array.from({ length: count }, (_, n) => `p${n}${'.a'.repeat(length)}.example`))
    expect(faultsOf(many(LANES_MAX, 1))).toEqual([])
    expect(faultsOf(many(LANES_MAX + 1, 1))).toEqual(['there are 21 lanes, and at most 20 are possible'])
    expect(faultsOf(many(LANES_MAX, 50))).toEqual([expect.stringMatching(/^their text has \d+ characters/)])
  })

  it('if their text is not JSON', () => {
    const message = lanesText.safeParse('163.com=5').error?.issues[0]?.message
    expect(message).toBe('it is not JSON such as {"163.com":5,"yahoo.*":50}')
  })
})

it('lanes come back from their text as they were', () => {
  const ceiling = fc.double({ min: 0.01, max: CEILING_MAX, noNaN: true })
  fc.assert(
    fc.property(fc.dictionary(pattern, ceiling, { maxKeys: LANES_MAX }), lanes => {
      expect(lanesText.parse(JSON.stringify(lanes))).toEqual({ ...lanes })
    }),
  )
})
