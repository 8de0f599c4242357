import { aroundAt, circled, fullWidth, joinedBy, mathBold, mathScript, monospace, reversed } from '../encodings.ts'
import type { Family } from '../family.ts'
import { withHtml, withSubject, withText } from '../honest.ts'

const inText = (change: (address: string) => string) => (address: string) => withText(`Account: ${change(address)}`)
const inHtml = (change: (address: string) => string) => (address: string) => withHtml(`<p>${change(address)}</p>`)

export const compatibility: Family = {
  name: 'Unicode compatibility forms',
  happens: 'A customer typed the address with an Asian input method, or a text was styled with a font generator.',
  own: 'passes',
  messages: {
    'a full-width sign': inText(address => address.replace('@', '\uff20')),
    'a small sign': inText(address => address.replace('@', '\ufe6b')),
    'all in full width': inText(fullWidth),
    'full-width dots': inText(address => address.replaceAll('.', '\uff0e')),
    'small dots': inText(address => address.replaceAll('.', '\ufe52')),
    'one-dot leaders': inText(address => address.replaceAll('.', '\u2024')),
    'ideographic full stops in the domain': inText(address => address.replace(/(?<=@.*)\./g, '\u3002')),
    'half-width ideographic full stops in the domain': inText(address => address.replace(/(?<=@.*)\./g, '\uff61')),
    'bold mathematical letters': inHtml(mathBold),
    'script letters': inHtml(mathScript),
    'monospaced letters': inHtml(monospace),
    'circled letters': inHtml(circled),
    'superscript letters': inHtml(address => address.replaceAll('o', '\u1d52').replaceAll('e', '\u1d49')),
    'Roman numerals as letters': inHtml(address => address.replaceAll('c', '\u217d').replaceAll('m', '\u217f')),
    'a long s': inHtml(address => address.replaceAll('s', '\u017f')),
    'full width in the subject': address => withSubject(`For ${fullWidth(address)}`),
    'in capitals of full width': inText(address => fullWidth(address.toUpperCase())),
    'in capitals': inText(address => address.toUpperCase()),
  },
}

/** Characters that take no room. */
const unseen: Readonly<Record<string, string>> = {
  'zero-width space': '\u200b',
  'zero-width non-joiner': '\u200c',
  'zero-width joiner': '\u200d',
  'word joiner': '\u2060',
  'byte order mark': '\ufeff',
  'soft hyphen': '\u00ad',
  'grapheme joiner': '\u034f',
  'left-to-right mark': '\u200e',
  'right-to-left mark': '\u200f',
  'Arabic letter mark': '\u061c',
  'embedding and its end': '\u202a\u202c',
  'isolate and its end': '\u2066\u2069',
  'invisible times': '\u2062',
  'invisible separator': '\u2063',
  'symmetric swapping': '\u206a',
  'Mongolian variation selector': '\u180b',
  'Mongolian vowel separator': '\u180e',
  'variation selector 16': '\ufe0f',
  'variation selector 17': '\u{e0100}',
  'tag space': '\u{e0020}',
  'language tag': '\u{e0001}',
  'Hangul filler': '\u115f\u1160',
  'Hangul compatibility filler': '\u3164',
  'half-width Hangul filler': '\uffa0',
  'Khmer inherent vowel': '\u17b4',
  'shorthand overlap': '\u{1bca0}',
  'musical beam': '\u{1d173}\u{1d174}',
  'interlinear anchor': '\ufff9\ufffb',
}

export const invisible: Family = {
  name: 'Invisible characters',
  happens: 'An address was copied from a web page or a PDF that lets long words break, and its characters came along.',
  own: 'passes',
  messages: {
    ...Object.fromEntries(
      Object.entries(unseen).map(([name, char]) => [`${name} around the sign`, inText(aroundAt(char))]),
    ),
    'zero-width spaces everywhere': inHtml(joinedBy('\u200b')),
    'soft hyphens everywhere': inHtml(joinedBy('\u00ad')),
    'tag spaces everywhere': inHtml(joinedBy('\u{e0020}')),
    'four different ones at the dots': inHtml(address => address.replaceAll('.', '\u200b\u2060.\ufeff\u00ad')),
    'in the subject': address => withSubject(`For ${joinedBy('\u200b')(address)}`),
    'a combination of both: full width, with spaces of no width': inText(address =>
      joinedBy('\u200b')(fullWidth(address)),
    ),
  },
}

export const turned: Family = {
  name: 'Turned round',
  happens: 'A scraper-proof address is written backwards and turned by a direction override.',
  own: 'refused too',
  messages: {
    'by an override': inText(address => `\u202e${reversed(address)}\u202c`),
    'by an isolate and an override': inText(address => `\u2067\u202e${reversed(address)}\u202c\u2069`),
    'by an element': inHtml(address => `<bdo dir="rtl">${reversed(address)}</bdo>`),
    'by a style': inHtml(
      address => `<span style="unicode-bidi:bidi-override;direction:rtl">${reversed(address)}</span>`,
    ),
    'by an override in the subject': address => withSubject(`For \u202e${reversed(address)}`),
  },
}

export const controls: Family = {
  name: 'Control characters in a body',
  happens: 'A row comes out of an old system with nulls and escape sequences in its columns.',
  own: 'refused too',
  messages: {
    'null in the text': inText(aroundAt('\u0000')),
    'null in the HTML, which a browser drops': inHtml(aroundAt('\u0000')),
    bell: inText(aroundAt('\u0007')),
    backspace: inText(address => address.replace('@', '#\u0008@')),
    'escape sequence': inText(address => address.replace('@', '\u001b[0m@')),
    'unit separator': inText(aroundAt('\u001f')),
    delete: inText(aroundAt('\u007f')),
    'a C1 control': inText(aroundAt('\u0090')),
    'half a surrogate pair': inText(aroundAt('\ud83d')),
    'null as an entity': inHtml(aroundAt('&#0;')),
    'bell as an entity': inHtml(aroundAt('&#7;')),
  },
}
