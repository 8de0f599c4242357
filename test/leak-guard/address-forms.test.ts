import { describe, expect, it } from 'vitest'
import { InspectedMail } from '../../functions/leak-guard/inspected-mail.ts'
import { addressesOfNotice } from '../../functions/leak-guard/leak-guard.ts'
import { inspectText } from '../../functions/leak-guard/text-inspection.ts'
import { honest, other, permitted, self, support, withHtml, withText } from './corpus/honest.ts'

const kindOf = (request: unknown) => InspectedMail.inspect(request, permitted).kind
const far = 'far away '.repeat(60)
const sign = (before: string, after: string) => `${before}@${after}`

describe('An address that a notice writes', () => {
  it.each<[string, readonly string[]]>([
    ['<b>h</b><b>el</b><b>p</b>@<b>exchange</b><b>.example</b>', ['help@exchange.example']],
    ['<b>help</b><b>.desk</b>@exchange.example', ['help.desk@exchange.example']],
    ['...help@exchange.example...', ['help@exchange.example']],
    ['"help desk"@exchange.example', ['"help desk"@exchange.example']],
    ['"Help"@Exchange.Example', ['help@exchange.example']],
    ['"help\\"desk"@exchange.example', ['"help"desk"@exchange.example']],
    ['x#@exchange.example', ['x#@exchange.example']],
    ['a=b|help@exchange.example', ['a=b|help@exchange.example', 'help@exchange.example']],
    ['help@exchange\u3002example', ['help@exchange.example']],
  ])('%s: is kept in one spelling, once by itself', (template, addresses) => {
    expect([...addressesOfNotice([template])].sort()).toEqual([...addresses].sort())
  })

  it('may be shown with all that may stand around the own address', () => {
    for (const text of [`x=${support}`, `${support}-Konto`, support.toUpperCase(), `"${support}"`, `_${support}_`]) {
      expect(kindOf(withText(text))).toBe('passed')
    }
    expect(kindOf(withText(`x${support}`))).toBe('refused')
  })

  it('permits nobody when it has no name, or is of the network', () => {
    const text = 'max@acme.example'
    const nameless = new Set(['@acme.example', 'acme.example'])
    expect(inspectText(text, { recipient: '', noticeAddresses: nameless })).toBeDefined()
    const ofNetwork = addressesOfNotice(['Write to max@[192.0.2.7].'])
    expect(ofNetwork).toEqual(new Set(['max@[192.0.2.7]']))
    expect(inspectText(sign('max', '測試.example'), { recipient: self, noticeAddresses: ofNetwork })).toBeDefined()
  })

  it('is nobody’s where not even the own may stand', () => {
    const nobody = { recipient: '', noticeAddresses: new Set<string>() }
    expect(inspectText('<b>max</b><b></b>@_<b></b><b>acme.example</b>', nobody)).toBeDefined()
    expect(inspectText('max@acme.example', nobody)).toBeDefined()
  })
})

/** How far a search goes from an @: up to this, and no further, whatever stands there. */
const bounds: Readonly<Record<'passed' | 'refused', readonly string[]>> = {
  refused: [
    `x${"'".repeat(186)}${self}`,
    `"${'x'.repeat(199)}"@acme.example`,
    `other(${'x'.repeat(197)})@example.org`,
    `other@(${'x'.repeat(198)})example.org`,
    sign('a', `${'b'.repeat(297)}.co`),
    `${'x'.repeat(60)}.y=40example.org`,
  ],
  passed: [
    `x${"'".repeat(187)}${self}`,
    `"${'x'.repeat(200)}"@acme.example`,
    `other(${'x'.repeat(198)})@example.org`,
    `other@(${'x'.repeat(199)})example.org`,
    sign('a', `${'b'.repeat(298)}.co`),
  ],
}

const texts: Readonly<Record<'passed' | 'refused', readonly string[]>> = {
  refused: [
    `${far}"other customer"@example.org`,
    `${far}other(home)@example.org`,
    `${far}other@(home)example.org`,
    `${far}other@example(home).org`,
    `${far}<a@b>`,
    `${far}mailto:a@b`,
    `${far}${other}`,
    'a@[192.0.2.7]',
    'logo@2x.png.example',
    'jas@example.com',
    'jane.doe*+news@example.com',
    '"* *"@acme.example',
    `${self}.xy_z`,
    'max@acme.example_x',
    sign('max', 'acme.example\u3002'),
    sign('max', 'acme\u3002example'),
    sign('ma\u00b5', 'acme.example'),
    sign('x\u0080max', 'acme.example'),
  ],
  passed: [
    'logo@2x.jpg and logo@3x.webp',
    `_'${self}'_`,
    `x='${self}'`,
    `)--${self}`,
    '***@example.org and --@example.org and •••@example.org and ...@example.org',
    'a@b.c.',
    'package@1.beta.2',
    `a-账户-${self}`,
    'a@4.50. and a@1.2.3-beta',
    '<a@-> and <a@_> and <a@.>',
    'say other"@acme.example',
    'say ""@acme.example',
    'say "Hello:"@acme.example',
    'say "Hello:  "@acme.example',
    `${self}, mailto:${self} and <${self}>`,
    'a@[x [192.0.2.7]]',
    '"</a>"@acme.example',
  ],
}

const pages: Readonly<Record<'passed' | 'refused', readonly string[]>> = {
  refused: [
    '<p>other@example.<br>org</p>',
    '<p>other@example<br>.org</p>',
    '<p>other@<br>example.org</p>',
    '<p>max@<i></i><b>[192.0.2.7]</b></p>',
    '<p>other@<i></i><b>example.org</b></p>',
    '<p>other@<br><br>example.org</p>',
  ],
  passed: [
    '<p>x@acme<br>example.org</p>',
    '<i>jane.doe+news@exam</i><i>ple.com</i>-Konto',
    '<i>x</i><i>jane.doe+</i><i>news@example</i><i>.com</i><i>x</i>',
    '<p>x@acme<br>example.org.</p>',
  ],
}

describe('What is an address, and how far it goes', () => {
  it.each(['passed', 'refused'] as const)('at the bounds of a search: is %s', kind => {
    expect(bounds[kind].filter(text => kindOf(withText(text)) !== kind)).toEqual([])
  })

  it.each(['passed', 'refused'] as const)('in a text: is %s', kind => {
    expect(texts[kind].filter(text => kindOf(withText(text)) !== kind)).toEqual([])
    expect(texts[kind].filter(text => kindOf(honest({ text })) !== kind)).toEqual([])
  })

  it.each(['passed', 'refused'] as const)('in a page: is %s', kind => {
    expect(pages[kind].filter(page => kindOf(withHtml(page)) !== kind)).toEqual([])
  })
})
