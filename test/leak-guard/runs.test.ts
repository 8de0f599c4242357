import { describe, expect, it } from 'vitest'
import { findRuns } from '../../functions/leak-guard/runs.ts'

const textsIn = (text: string) => findRuns(text).map(run => run.text)
/** A line of base64, of so many characters. */
const line = (length: number) => 'aGVs'.repeat(40).slice(0, length)

describe('A run that may be an encoding', () => {
  it.each<[string, readonly string[]]>([
    ['a word, Another Word and CAPITALS', []],
    ['short aBcdefg', []],
    ['long aBcdefgh', ['aBcdefgh']],
    ['camelCase and aBcdefgh', ['camelCase', 'aBcdefgh']],
    ['a3Bcdefg', ['a3Bcdefg']],
    ['abcdefgH', ['abcdefgH']],
    ['1bcdefgh zZabcdefgh 9Aabcdef', ['zZabcdefgh', '9Aabcdef']],
    ['(aGVsbG8gd29ybGQ=)', ['aGVsbG8gd29ybGQ']],
    ['+/-_aBcd +aBcdefg/ -aBcdef_', ['+/-_aBcd', '+aBcdefg/', '-aBcdef_']],
    ['{aBcdefgz} [aBcdefgZ] @aBcdefg0 `aBcdefg9*', ['aBcdefgz', 'aBcdefgZ', 'aBcdefg0', 'aBcdefg9']],
    ['éaBcdefghé ßaBcdefghß', ['aBcdefgh', 'aBcdefgh']],
    ['aBcdefgh,iJklmnop', ['aBcdefgh', 'iJklmnop']],
    ['aBcdefgh.iJ', ['aBcdefgh']],
    ['aB.cdefghI', []],
  ])('has eight characters and a capital after a small letter or digit: in %j', (text, runs) => {
    expect(textsIn(text)).toEqual(runs)
  })

  it.each<[string, readonly string[]]>([
    ['6f7468657240', ['6f7468657240']],
    ['6f746865724', []],
    ['x6f7468657240y', ['x6f7468657240y']],
    ['abcdefabcdef', []],
    ['abcdefabcde1', []],
    ['abcdef1abcdefabcdef', ['abcdef1abcdefabcdef']],
    ['123456789012', ['123456789012']],
    ['12345678901g', []],
  ])('or twelve hexadecimal digits: in %j', (text, runs) => {
    expect(textsIn(text)).toEqual(runs)
  })

  it('says which of both it may be', () => {
    const [base64, hex, both] = findRuns('aBcdefgh 6f7468657240 6f7468657240aB')
    expect(base64).toEqual({ text: 'aBcdefgh', mixed: true, hex: false })
    expect(hex).toEqual({ text: '6f7468657240', mixed: false, hex: true })
    expect(both).toEqual({ text: '6f7468657240aB', mixed: true, hex: true })
  })

  it.each(['\n', '\r\n', '\r'])('goes on after a line of at least 60 characters, broken by %j', lineBreak => {
    for (const length of [60, 64, 76]) {
      expect(textsIn(`x ${line(length)}${lineBreak}abc.`)).toEqual([`${line(length)}abc`])
      expect(textsIn(`${line(length)}${lineBreak}${line(length)}${lineBreak}abc`)).toEqual([
        `${line(length)}${line(length)}abc`,
      ])
    }
    expect(textsIn(`${line(59)}${lineBreak}abc`)).toEqual([line(59)])
    expect(textsIn(`${line(64)}${lineBreak}${line(59)}${lineBreak}abc`)).toEqual([`${line(64)}${line(59)}`])
  })

  it.each(['\n\n', '\n\r', '\n ', ' ', '=', '\n=', '.\n'])('ends after a long line before %j', between => {
    expect(textsIn(`${line(64)}${between}abc`)).toEqual([line(64)])
    expect(textsIn(`${line(64)}${between}`)).toEqual([line(64)])
  })

  it('is found again in the next text', () => {
    expect(textsIn('see aBcdefgh')).toEqual(textsIn('see aBcdefgh'))
  })
})
