import { describe, expect, it } from 'vitest'
import { InspectedMail } from '../../functions/leak-guard/inspected-mail.ts'
import { honest, other, permitted, self, support, withSubject, withText } from './corpus/honest.ts'

const kindOf = (request: unknown) => InspectedMail.inspect(request, permitted).kind
const base64 = (text: string) => Buffer.from(text).toString('base64').replace(/=+$/, '')
const base64url = (text: string) => Buffer.from(text).toString('base64url')
const hex = (text: string) => Buffer.from(text).toString('hex')
const bytes = (...values: readonly number[]) => Buffer.from(values).toString('base64')

/** Noise that no reader takes for a text, as random tokens are. */
const noise = bytes(...Array.from({ length: 30 }, (_, index) => 0x80 + ((index * 7) % 64)))

const hidden: Readonly<Record<'passed' | 'refused', readonly string[]>> = {
  refused: [
    // Short, after what divides names in links.
    `https://x.example/u/${base64('a@b.co')}/x`,
    `id_${base64('a@b.co')}`,
    `id-${base64('a@b.co')}`,
    `x/id_${base64('a@b.co')}`,
    base64('a@b.co'),
    base64('A@B.CO'),
    hex('Max@Acme.Example'),
    `0${hex(other)}`,
    // In very long runs.
    base64(`${'Quartal 3 '.repeat(600)}${other}`),
    hex(`${'Quartal 3 '.repeat(600)}${other}`),
    // Among letters that are no ASCII.
    base64(`é€😀 ${other} é€😀`),
    base64(`\tfor\r\n${other}`),
    Buffer.from(other, 'utf16le').toString('base64'),
    // Within noise, as long as an address must be to be believed there.
    `${noise}${base64('max@acme.net')}AA`.replace(/A+$/, base64('~')),
    `${noise}${base64('Other.Customer@Example.org')}`,
    `${noise}${base64('aBcdefgh@dEfghi.gHiJ')}`,
    `${noise}${base64('a@b.c.example.net')}`,
    `${noise}${base64('A@B.C.EXAMPLE.NET')}`,
    `${noise}${base64('m.x_+-9@a-9.example')}`,
    `${noise}${base64('M.X_+-9@A-9.EXAMPLE')}`,
    `${noise}${base64('a@bc.de.fg.example')}`,
    `${noise}${base64('A@BC.DE.FG.EXAMPLE')}`,
    `${noise}${base64('CUSTOMER@B.CO')}`,
    `${noise}${base64('A@EXAMPLES.NET')}`,
    `${noise}${base64('x@y.co max@acme.net')}`,
    `${base64('Aktienindex Quartal 3')}/${noise}/${base64('a@b.co')}`,
    `${base64('Aktienindex am Quartal 3')}/${base64('a@b.co')}/zQ9kXq`,
    `https://x.example/token_${base64('a@b.co')}`,
    `https://x.example/token-${base64('a@b.co')}`,
    base64('aB@cD.eF.gHi'),
    base64('a%40b.co'),
    base64('m@9.a-b.example'),
    `Really? & so; ${other.replace('@', '=40')}`,
    `${'x '.repeat(80)}${other.replace('@', '=40')}`,
  ],
  passed: [
    // The letters before the sign belong to the own address, and divide nothing.
    ...['', 'a', 'ab', 'abc'].map(lead => base64url(`${lead}?u=${self}`)),
    ...['', 'a', 'ab', 'abc'].map(lead => `x/${base64(`${lead}?u=${self}`)}`),
    base64(`${'Quartal 3 '.repeat(600)}${self}`),
    `${noise}${base64('aB@cD.eF')}`,
    // A sign among noise is chance: too short, or in letters of both cases.
    `${noise}${base64('x@y.co')}${noise}`,
    `${noise}${base64('## x@y.co ##')}${noise}`,
    `${noise}${base64('aBc@dEf.gHiJ')}`,
    `${noise}${base64('aBcdefg@dEfghi.gHiJ')}`,
    base64('aB@cD.eF'),
    ...Array.from({ length: 60 }, (_, more) => `a=40 ${'x'.repeat(195 + more)} ${support}`),
    'https://x.example/?id=40x.example.org;a=40x.example.org&b=40x.example.org',
    `deadbeef${'0123456789abcdef'.repeat(4)}`,
  ],
}

describe('A text within a text', () => {
  it.each(['passed', 'refused'] as const)('in base64, hexadecimal or quoted-printable: is %s', kind => {
    expect(hidden[kind].filter(text => kindOf(withText(text)) !== kind)).toEqual([])
  })

  it('with the own address in it passes, also where a sign of base64 divides it', () => {
    const recipient = 'jane~doe@example.com'
    const own = { ...permitted, recipient }
    for (const lead of ['', '=', 'u=', 'to=', 'ref=', 'mail=', '/=']) {
      for (const encoded of [base64(`${lead}${recipient}`), base64url(`${lead}${recipient}`)]) {
        for (const text of [encoded, `https://x.example/${encoded}`, `/a/long/path/to/preferences/${encoded}`]) {
          expect({ text, ...InspectedMail.inspect(honest({ to: recipient, text }), own) }).toMatchObject({
            kind: 'passed',
          })
        }
      }
    }
  })
})

const escapes: Readonly<Record<'passed' | 'refused', readonly string[]>> = {
  refused: [
    ...['%40', '%u0040', '%uFF20', '%EF%BC%A0', '%2540', '%ef%bc%a0'].map(sign => other.replace('@', sign)),
    ...['\\40 ', '\\40', '\\000040', '\\ff20 ', '\\fe6b ', '\\FF20 '].map(sign =>
      `max${sign}\nnot`.replace('\nnot', 'test.example'),
    ),
    ...['\\u{40}', '\\u{0000040}', '\\u0040', '\\x40', '\\100', '\\@'].map(sign => other.replace('@', sign)),
    other.replace('.org', '\\2e org'),
    other.replace('.org', '\\.org'),
    `mail: 'other.\\\ncustomer@example.org'`.replace('other.', 'jane.doe+news@example.com'),
    `\\u{10ffff}${self}`,
    `100% of ${other.replace('@', '%40')}`,
    `x%zz${other.replace('@', '%40')}`,
    `M%FCller%40acme.example`,
  ],
  passed: [
    `\\u{110000}${self}`,
    `\\u{7fffffff}${self}`,
    'width:100%; 5% and 50%x and %u00 and %4',
    `${self.replace('@', '%40')} ${self.replace('@', '\\u0040')}`,
  ],
}

describe('An escape', () => {
  it.each(['passed', 'refused'] as const)('of a link, a script or a style sheet: is %s', kind => {
    expect(escapes[kind].filter(text => kindOf(withText(text)) !== kind)).toEqual([])
  })

  it('is none in the name of a computer’s domain, unless it gives what addresses are written with', () => {
    for (const recipient of ['dee@example.com', 'abby@example.com', 'bea@example.com', 'a@example.com']) {
      const own = { ...permitted, recipient }
      expect(InspectedMail.inspect(honest({ to: recipient, text: `EXAMPLE\\${recipient}` }), own).kind).toBe('passed')
    }
  })
})

describe('An encoded word in a header', () => {
  it.each<['passed' | 'refused', readonly string[]]>([
    [
      'passed',
      [
        '=?utf-8?q?Index?=',
        '=?UTF8?B?SW5kZXg=?=',
        '=?us-ascii*en?Q?Index?=',
        '=?iso-8859-1?q?Index?= =?windows-1252?b?SW5kZXg=?=',
        'a =? b and ?= c',
      ],
    ],
    [
      'refused',
      [
        '=?utf-7?q?Index?=',
        '=?x-utf-8?q?Index?=',
        '=?utf-8x?q?Index?=',
        '=?utf-8?x?Index?=',
        '=?utf-8?bq?Index?=',
        '=?utf-8?qb?Index?=',
        '=?utf-8??Index?=',
        '=??q?Index?=',
        '=?utf-8?q?Index?= =?utf-7?q?Index?=',
        '=?utf-8?q?max=40acme.example?=',
        '=?utf-8?q?max=40acme?=   =?utf-8?q?.example?=',
        '=?=?utf-8?q?=',
        `=?utf-8*en?b?${base64('max@acme.example')}?=`,
      ],
    ],
  ])('%s: as its character set and encoding are known to every client', (kind, subjects) => {
    expect(subjects.filter(subject => kindOf(withSubject(subject)) !== kind)).toEqual([])
  })
})
