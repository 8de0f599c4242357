import { percentUri } from '../encodings.ts'
import type { Family } from '../family.ts'
import { permitted, withFrom, withHtml, withReplyTo, withSubject, withText, withTo } from '../honest.ts'

const text = (written: string) => () => withText(`Account: ${written}.`)

export const localParts: Family = {
  name: 'Local parts that few parsers know',
  happens: 'An old account has an address that the form of today would not take, and it is in an old export.',
  own: 'refused too',
  messages: {
    'in quotes': text('"other.customer"@example.org'),
    'in quotes with a space': text('"other customer"@example.org'),
    'in quotes with a comma': text('"customer, other"@example.org'),
    'in quotes with a sign': text('"other@home"@example.org'),
    'in quotes with an escaped quote': text('"other \\"the\\" customer"@example.org'),
    'in quotes with an escaped sign': text('"other\\@customer"@example.org'),
    'in quotes with brackets': text('"<other>"@example.org'),
    'in quotes with a single character': text('"o"@example.org'),
    'in quotes that are entities': () => withHtml('<p>&quot;other customer&quot;@example.org</p>'),
    'in quotes in a link': () => withHtml(`<a href="/u?e=${percentUri('"other customer"@example.org')}">x</a>`),
    'in quotes in the subject': () => withSubject('For "other customer"@example.org'),
    'with a comment before the sign': text('other.customer(at work)@example.org'),
    'with a comment after the sign': text('other.customer@(the domain)example.org'),
    'with comments on both sides': text('other.customer(a)@(b)example.org'),
    'with all signs that are allowed': text("o!#$%&'*+-/=?^_`{|}~r@example.org"),
    'with an apostrophe': text("o'brien@example.org"),
    'with a slash': text('o=customer/ou=bank@example.org'),
    'with an exclamation mark': text('host!other@example.org'),
    'with a percent route': text('other%example.net@relay.example.org'),
    'of one letter': text('o@example.org'),
    'of sixty-four letters': text(`${'o'.repeat(64)}@example.org`),
    'of more letters than allowed': text(`${'o'.repeat(90)}@example.org`),
    'of digits': text('4711@example.org'),
    'of Chinese letters': text('用户@example.org'),
    'of Cyrillic letters': text('клиент@example.org'),
    'of Arabic letters': text('عميل@example.org'),
    'of letters beyond the basic plane': text('𠮷𠮷@example.org'),
    'with an emoji': text('max🐢@example.org'),
    'with a dot at the end': text('other.@example.org'),
    'with two dots': text('other..customer@example.org'),
    'with a source route': text('@relay.example.net:other@example.org'),
    'as a bounce address': text('bounce+other.customer=example.org@lists.example.net'),
    'as a rewritten sender': text('SRS0=ab12=XY=example.org=other@relay.example.net'),
    'as a prevented bounce': text('prvs=1234567890=other@example.org'),
    'after a sign, like a handle': text('@other.customer@example.org'),
    'after a sign that an escape gives': text('C:\\40other.customer@example.org'),
    'with the sign twice, as a template language escapes it': text('other.customer@@example.org'),
    'ending like an entity of a bracket': text('r&lt@example.org'),
    'ending like an entity of a bracket, escaped for HTML': () => withHtml('<p>r&amp;lt@example.org</p>'),
    'ending like an entity of a quote': text('r&quot@example.org'),
    'beginning like an entity': text('&nbsp.other@example.org'),
    'with what looks like a code of a character': text('other&#60@example.org'),
  },
}

export const domains: Family = {
  name: 'Domains that few parsers know',
  happens: 'Customers have domains of all alphabets, and each system writes them in another form.',
  own: 'refused too',
  messages: {
    'in Unicode': text('max@bücher.example'),
    'in Unicode, decomposed': text('max@bu\u0308cher.example'),
    'in Unicode, in capitals': text('MAX@BÜCHER.EXAMPLE'),
    'in Punycode': text('max@xn--bcher-kva.example'),
    'in Punycode, in capitals': text('max@XN--BCHER-KVA.example'),
    'in Chinese': text('max@例子.测试'),
    'in Chinese, with an ideographic full stop': text('max@例子。测试'),
    'in Chinese, in Punycode': text('max@xn--fsqu00a.xn--0zwm56d'),
    'in Arabic': text('max@مثال.إختبار'),
    'in Cyrillic': text('max@пример.испытание'),
    'in Devanagari': text('max@उदाहरण.परीक्षा'),
    'in Hangul, decomposed': text('max@실례.테스트'.normalize('NFD')),
    'with an emoji': text('max@i❤.example'),
    'under a domain in Punycode': text('max@mail.xn--bcher-kva.example'),
    'a number': text('other.customer@[192.0.2.7]'),
    'a long number': text('other.customer@[IPv6:2001:db8::7]'),
    'with a final dot': text('other.customer@example.org.'),
    'of digits': text('other.customer@163.example'),
    'with hyphens': text('other.customer@my-own--bank.example'),
    'with an underscore': text('other.customer@_mail.example.org'),
    'with many parts': text('other.customer@a.b.c.d.e.f.g.h.example.org'),
    'of two letters': text('o@x.test'),
    'with a port': text('other.customer@example.org:2525'),
    'with a path': text('other.customer@example.org/inbox'),
    'in Unicode, percent-encoded': () => withHtml(`<a href="/u?e=${percentUri('max@bücher.example')}">x</a>`),
    'in Unicode, in entities': () => withHtml('<p>max@b&uuml;cher.example</p>'),
    'in Unicode, in the subject': () => withSubject('For max@bücher.example'),
    'in Unicode, as the sender': () => withFrom('Exchange <max@bücher.example>'),
    'in Unicode, as the reply-to': () => withReplyTo('max@bücher.example'),
  },
}

/** The recipient's own domain has letters beyond ASCII. */
const idn = { ...permitted, recipient: 'max@xn--bcher-kva.example' }

export const almostOwnDomain: Family = {
  name: 'Almost the own domain, which has letters beyond ASCII',
  happens: 'Two domains look alike to a reader or to a careless folding of letters, and have different owners.',
  own: 'refused too',
  permitted: idn,
  messages: Object.fromEntries(
    Object.entries({
      'the letter without its dots': 'max@bucher.example',
      'the letter written as two': 'max@buecher.example',
      'a capital that folds to another letter': 'max@BUCHER.example',
      'another accent': 'max@bûcher.example',
      'another Punycode': 'max@xn--bcher-lva.example',
      'the Punycode with a letter before': 'max@axn--bcher-kva.example',
      'the Unicode form at another top level': 'max@bücher.test',
      'the Unicode form under another domain': 'max@bücher.example.org',
      'another name at the Unicode form': 'moritz@bücher.example',
      'another name at the Punycode': 'moritz@xn--bcher-kva.example',
      'a longer name at the Unicode form': 'amax@bücher.example',
    }).map(([name, address]) => [
      name,
      () => {
        const mail = withTo(idn.recipient)
        return { ...mail, Content: withText(`Account: ${address}`).Content }
      },
    ]),
  ),
}
