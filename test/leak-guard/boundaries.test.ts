import { describe, expect, it } from 'vitest'
import { InspectedMail } from '../../functions/leak-guard/inspected-mail.ts'
import { addressesOfNotice } from '../../functions/leak-guard/leak-guard.ts'
import { honest, other, permitted, self, withHtml, withText } from './corpus/honest.ts'

const kindOf = (request: unknown) => InspectedMail.inspect(request, permitted).kind

/** Spelt in Unicode's tag characters, which mirror ASCII and are never shown. */
function tagged(text: string): string {
  return text.replace(/./g, char => String.fromCodePoint(0xe0000 + char.charCodeAt(0)))
}

/** Where the own address ends and another begins, on both sides of the line. */
const texts: Readonly<Record<'passed' | 'refused', readonly string[]>> = {
  passed: [
    'j***s@example.com',
    'jane.d••••@example.com',
    '●●●●news@example.com',
    'j*****@example.com',
    `line\\n${self}`,
    `tab\\t${self}`,
    `_${self}_`,
    `**${self}**`,
    `'${self}'`,
    `''${self}''`,
    `...${self}...`,
    `a -${self}`,
    `--${self}--`,
    `-${self}`,
    `${self}-Konto`,
    `${self}-tól`,
    `${self}_`,
    `${self}/inbox`,
    `${self}:25`,
    `x=${self}`,
    `x/${self}`,
    `x?${self}`,
    `x&${self}`,
    `x#${self}`,
    `x|${self}`,
    `x{${self}}`,
    `=${self}=`,
    `账户${self}已`,
    `${self}。请`,
    `"${self}"`,
    `<${self}>`,
    '"jane.doe+news"@example.com',
    'jane.doe+news@(home)example.com',
    'jane.doe+news(home)@example.com',
    `${self}, ${self}; ${self}`,
    'a@b, a@b.c and a @ b.example and @b.example and a@',
    'version@1.2.3 and 10@4.50 and 4@x2',
    'logo@2x.png, logo@3x.jpeg',
    'https://social.example/@first.last and ?by=@first.last',
    '@handle, @handle_two and (@handle)',
    '///@example.org and ...@example.org',
    '"@jane.doe", ="@x.example", a:"@x.example"',
    'x"y"@acme.example',
    '"Jane",\n"@acme.example"',
    '"see\nthis"@acme.example',
    'say "Hello: "@acme.example',
    '@[192.0.2.7], a@[x] and a@[1]',
    '<a@b, a@b> and mail:a@b',
    '" jane.doe+news "@example.com',
    '"jane.doe\\+news"@example.com',
    'jane.doe+news@example(x).com',
    'jane.doe+news@example(x(y)z).com',
    'jane.doe+news(x(y)z)@example.com',
    'x \\u{ffffffff} y \\u{10ffff} z',
    'EXAMPLE\\abby and EXAMPLE\\jane',
    'https://exchange.example/?id=40&x=40example.org',
    'id=40; =40; x =40 y; a=40',
    `${self.replace('@', '=40')}`,
    `${tagged(self)}`,
    'other@example(x)',
    'other)@ example.org',
  ],
  refused: [
    'x***s@example.com',
    'j***x@example.com',
    'j***e***s@example.com',
    'jane.doe+news***s@example.com',
    'jane.doe+n***+news@example.com',
    'j***s@example.org',
    'o***r@example.org',
    `n${self}`,
    `\\q${self}`,
    `\\nn${self}`,
    `_${self}`,
    `x_${self}_`,
    `a'${self}`,
    `a*${self}`,
    `a-${self}`,
    `a--${self}`,
    `)-${self}`,
    `x=-${self}`,
    `é${self}`,
    `счёт${self}`,
    `e\u0301${self}`,
    `${self}-konto.test`,
    `${self}-.test`,
    `${self}x`,
    `${self}é`,
    `${self}.xy`,
    `${self}.测试`,
    `"x jane.doe+news"@example.com`,
    '"jane.doe+news "x@example.com',
    'x(jane.doe+news)@example.com',
    'jane.doe+news@(example.com)example.org',
    'a@b.example',
    'a@4.example',
    'a@x4.e2',
    'logo@2x.example',
    'logo@12x.png',
    'xlogo@x.png',
    '@other@example.org',
    '@@other@example.org',
    'x@@other.example',
    '<a@b>',
    '<mailto:a@b>',
    'mailto:a@b',
    'mailto:root@[192.0.2.7]',
    'a@[192.0.2.7]',
    'a@[IPv6:2001:db8::7]',
    `${other},`,
    `${'x'.repeat(300)}@example.org`,
    other.replace('@', '=40'),
    other.replace('@', '=40').replaceAll('.', '=2E'),
    `Reply to ${other.replace('@', '=40')}, or to none=40 of us`,
    tagged(other),
    '\u202eelpmaxe.liam@xam',
    '<bdo dir="rtl">elpmaxe.liam@xam</bdo>',
    other.replace('@', '\\100'),
    '"a"@example.org',
    '""other@example.org',
    '"other \\"the\\" customer"@example.org',
    '("other customer"@example.org)',
    '"other customer"@example.com',
    'other(a(b)c)@example.org',
    'other@(a(b)c)example.org',
    'other@example(x).org',
    'jane.doe+news@example(x).org',
    'MAILTO:a@b',
    'a@[1.1.1.1]',
    `other@${'xx.'.repeat(120)}test`,
  ],
}

/** The same in pages, where elements divide. */
const pages: Readonly<Record<'passed' | 'refused', readonly string[]>> = {
  passed: [
    `<td>mary.</td><td>${self}</td><td>.test</td>`,
    `<td>Mary</td><td>@acme.example</td>`,
    `<td>Mary@</td><td>4.50</td>`,
    `<li>Mary</li><li>${self}</li><li>Jane</li>`,
    `<b>Jane</b><b>${self}</b><b>Doe</b>`,
    `x<br>${self}<br>x`,
    '<style>@media print{a{b:c}}</style><style>@import url(x.css);</style>',
    '<a href="https://exchange.example/@jane.doe">x</a>',
    '<p>a < b@c > d.example</p>',
  ],
  refused: [
    '<td>mary.jane.doe+news@example.com</td>',
    '<b>max.</b><b>muster@example.com</b>',
    '<td>max</td><td>muster@example.com</td>',
    '<b>x</b><b>jane.doe+news@example.org</b>',
    '<td>x</td><td>jane.doe+news@mail.example.com</td>',
    `mary.<wbr>${self}`,
    `${self}<wbr>.test`,
    `<i>mary</i>.${self}`,
    `<p>${other}<p>x`,
    `<style>x</style>${other}<style>y</style>`,
    `<script>1 < 2</script>${other}`,
    `<style>a{}</style${other}>`,
    `<title>x</title>${other}<!-- -->`,
    `<p title='"'>${other}</p>`,
    `<p title="'">${other}</p>`,
    `<p title=">">${other}</p>`,
    `<p title="${other}>`,
    `<!--->${other}<!-- -->`,
    `<!-->${other}<!-- -->`,
    `<!-- x --!>${other}<!-- -->`,
  ],
}

describe('Where one address ends and another begins', () => {
  it.each(['passed', 'refused'] as const)('in a text: is %s', kind => {
    expect(texts[kind].filter(text => kindOf(withText(text)) !== kind)).toEqual([])
  })

  it.each(['passed', 'refused'] as const)('in a text that is the whole body: is %s', kind => {
    expect(texts[kind].filter(text => kindOf(honest({ text })) !== kind)).toEqual([])
  })

  it.each(['passed', 'refused'] as const)('in a page: is %s', kind => {
    expect(pages[kind].filter(page => kindOf(withHtml(page)) !== kind)).toEqual([])
  })
})

describe('What a notice writes', () => {
  it.each([
    ['Write to Help@Exchange.Example.', ['help@exchange.example']],
    ['/?to=help@exchange.example&l=en', ['help@exchange.example']],
    ['mailto:help%40exchange.example', ['help@exchange.example']],
    ['help@b&ouml;rse.example', ['help@xn--brse-5qa.example']],
    ['Follow @us and meet @ nine', []],
    ['', []],
  ])('%s', (template, addresses) => {
    expect([...addressesOfNotice([template])]).toEqual(expect.arrayContaining(addresses))
    if (addresses.length === 0) expect(addressesOfNotice([template]).size).toBe(0)
  })

  it('may be shown as it is, and nowhere else', () => {
    const own = {
      ...permitted,
      noticeAddresses: addressesOfNotice([...permitted.noticeAddresses, '/?to=help@x.example']),
    }
    expect(InspectedMail.inspect(withText('Write to help@x.example'), own).kind).toBe('passed')
    expect(InspectedMail.inspect(withText('Write to xhelp@x.example'), own).kind).toBe('refused')
    expect(InspectedMail.inspect(withText('Write to to@x.example'), own).kind).toBe('refused')
  })
})

describe('An excerpt', () => {
  it('is of what stands around the finding, no longer than 80 characters, and on one line', () => {
    const text = `${'!'.repeat(500)}\n\n \t${other}!${'?'.repeat(500)}`
    const verdict = InspectedMail.inspect(honest({ text }), permitted)
    expect(verdict).toMatchObject({ kind: 'refused', rule: 'foreign-address', field: 'Content.Simple.Body.Text' })
    const { excerpt } = verdict.kind === 'refused' ? verdict : { excerpt: '' }
    expect(excerpt).toMatch(/^!+ \*\.\*@\*\.\*!\?+$/)
    expect(excerpt.length).toBeLessThanOrEqual(80)
    expect(excerpt.match(/!/g)?.length).toBeLessThan(40)
  })
})
