import { describe, expect, it } from 'vitest'
import { addressesOfNotice, inspectText } from '../../functions/leak-guard/text-inspection.ts'
import { tagText, turnedText, visible } from '../../functions/leak-guard/visible.ts'
import { base64, base64Unpadded, percentAll } from './corpus/encodings.ts'
import { other, permitted, self } from './corpus/honest.ts'

const ruleOf = (text: string) => inspectText(text, permitted)?.rule ?? 'passed'
const nested = (encode: (text: string) => string, count: number, text: string) => {
  let whole = text
  for (let level = 0; level < count; level++) whole = encode(whole)
  return whole
}

describe('Texts hidden in hidden texts', () => {
  it('are read four deep, and refused beyond', () => {
    const rules = [1, 2, 3, 4, 5, 6, 7].map(count =>
      ruleOf(`see ${nested(base64Unpadded, count, `write to ${self} now`)}`),
    )
    expect(rules).toEqual([...Array(4).fill('passed'), ...Array(3).fill('hidden-text')])
  })

  it('are refused with no excerpt when they cannot be read to the end', () => {
    const tooDeep = { rule: 'hidden-text', excerpt: '' }
    expect(inspectText(nested(base64, 6, `write to ${self} now`), permitted)).toEqual(tooDeep)
    expect(
      inspectText(
        nested(text => text.replace(/[%@]/g, percentAll), 12, self),
        permitted,
      ),
    ).toEqual(tooDeep)
  })

  it('write no address into a notice when they cannot be read to the end', () => {
    const unreadable = nested(text => text.replace(/[%@]/g, percentAll), 12, self)
    expect([...addressesOfNotice([unreadable, `<b>${unreadable}</b>`, 'help@exchange.example'])]).toEqual([
      'help@exchange.example',
    ])
  })
})

describe('Tags', () => {
  it.each([
    `<img alt="<b>other.customer</b>@example.org">`,
    `<img alt="<b>x</b><b title='${other}'>">`,
    '&lt;b>other.customer&lt;/b>@example.org',
    '&lt;b&gt;other.customer&lt;/b&gt;@example.org',
    'other.customer%4<wbr>0example.org',
    'other.customer%<b>40example.org</b>',
    'other.customer<span style="display:none"> , </span>@example.org',
    '<p>x</p>other.customer&lt;wbr&gt;@example.org',
  ])('that appear within others or by decoding are read as tags: %s', text => {
    expect(ruleOf(text)).toBe('foreign-address')
  })

  it.each([`${self}<!--a>.test-->`, `a &amp; b ${self}<!--a>.test-->`, `&#97; ${self}<!--a>.test-->`])(
    'are read once where nothing else is hidden in them: %s',
    text => {
      expect(ruleOf(text)).toBe('passed')
    },
  )
})

describe('What a reader sees', () => {
  it.each([
    ['e\u0301', '\u00e9', 'a letter and its mark become one'],
    ['x\u200b e\u0301', 'x \u00e9', 'the same beside what is not seen'],
    ['\u1112\u1161\u11ab', '\ud55c', 'parts of a Korean syllable become one'],
    ['a@\u0301\u0302b.\u0301\u0302c e\u0301', 'a@b.c \u00e9', 'marks on a sign and a dot fall away'],
    ['\uff41\u200b\uff42', 'ab', 'compatibility forms become letters'],
    ['\uffff\u200bx', '\uffffx', 'what follows the last character of the first plane is seen'],
    ['\u{1d41a}\u{1d41b}', 'ab', 'characters of two units become letters'],
    ['\u{10ffff}\u200b', '\u{10ffff}', 'a character that nobody has assigned stays'],
    ['a\u0007\tb\r\ne\u0301', 'a\tb\r\n\u00e9', 'controls go beside a letter and its mark too'],
    ['a\u001fb', 'ab', 'the last of the controls goes'],
    ['a\u0007\tb\u007f\r\nc\u0085', 'a\tb\r\nc', 'controls go, tabs and line breaks stay'],
    ['\u00e4\t\n\r\u00e4~ \u00e4\u007f~', '\u00e4\t\n\r\u00e4~ \u00e4~', 'the same between other letters'],
    ['a \u201cb\u201d', 'a \u201cb\u201d', 'other signs stay'],
  ])('of %j is %j: %s', (text, seen) => {
    expect(visible(text)).toBe(seen)
    expect(visible(text)).toBe(seen)
  })

  it.each([
    ['\u{e0020}\u{e0041}\u{e007e}', ' A~'],
    ['x\u{e001f}\u{e0061}\u{e007f}\u{e0100}\u00e9', 'a'],
    ['plain', ''],
  ])('not, but what is written in tag characters: %j is %j', (text, written) => {
    expect(tagText(text)).toBe(written)
  })

  it.each([
    ['\u202eab\u202ec', 'cba'],
    ['<bdo>a', 'a>odb<'],
    ['<BDO x', 'x ODB<'],
    ['bidi-override \u{1f600}', '\u{1f600} edirrevo-idib'],
    ['<bdox>', ''],
    ['ab', ''],
  ])('backwards where a text is turned round: %j is %j', (text, turned) => {
    expect(turnedText(text)).toBe(turned)
  })
})
