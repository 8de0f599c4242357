import { aroundAt, base64, decimalEntities, fullWidth, percentUri, wordB, wordQ, wordQSparse } from '../encodings.ts'
import type { Family } from '../family.ts'
import { withHtml, withSubject, withText } from '../honest.ts'

const subject = (change: (address: string) => string) => (address: string) => withSubject(`Index: ${change(address)}`)

export const encodedWords: Family = {
  name: 'RFC 2047 words',
  happens: 'A name or subject comes out of another mail system that has already encoded it for a header.',
  own: 'passes',
  messages: {
    base64: subject(address => wordB(address)),
    'quoted-printable, all of it': subject(address => wordQ(address)),
    'quoted-printable, the sign alone': subject(wordQSparse),
    'quoted-printable, in lower case': subject(address => wordQ(address).toLowerCase()),
    'quoted-printable with spaces as underscores': subject(address => wordQSparse(`for ${address} only`)),
    'a lower-case b': subject(address => wordB(address).replace('?B?', '?b?')),
    'base64 without padding': subject(address => wordB(address).replace(/=+\?=$/, '?=')),
    'Latin 1': subject(address => wordQ(address, 'ISO-8859-1')),
    'Windows’ Latin 1': subject(address => wordB(address, 'windows-1252')),
    'US-ASCII': subject(address => wordB(address, 'us-ascii')),
    'with a language': subject(address => wordB(address, 'UTF-8*en')),
    'two words, divided in the address': subject(address => `${wordB(address.slice(0, 7))} ${wordB(address.slice(7))}`),
    'two words, one of each kind': subject(address => `${wordB(address.slice(0, 7))} ${wordQ(address.slice(7))}`),
    'a word for each character': subject(address => Array.from(address, char => wordQ(char)).join(' ')),
    'two words without a space': subject(address => wordB(address.slice(0, 7)) + wordB(address.slice(7))),
    'a word after plain text': subject(address => `Re: Fwd: ${wordB(`order of ${address}`)}`),
    'a word right after a letter': subject(address => `Re:${wordQ(address)}`),
    'a word in brackets': subject(address => `[${wordB(address)}]`),
    'a word within a word': subject(address => wordB(wordB(address))),
    'a full-width address': subject(address => wordB(fullWidth(address))),
    'an invisible character': subject(address => wordB(aroundAt('\u200b')(address))),
    entities: subject(address => wordB(decimalEntities(address))),
    'a link with the address': subject(address => wordB(`https://exchange.example/u?e=${percentUri(address)}`)),
    'in a quoted thread': address => withText(`> To: ${wordB(address)}\n> Subject: ${wordQ('Index')}`),
    'in the title of the page': address => withHtml(`<title>${wordB(address)}</title>`),
  },
}

export const unreadableWords: Family = {
  name: 'RFC 2047 words that only some clients read',
  happens: 'A subject was encoded for an old client, in a character set that this one guesses.',
  own: 'refused too',
  messages: {
    'UTF-7': subject(address => `=?UTF-7?Q?${address.replace('@', '+AEA-')}?=`),
    'UTF-16': subject(address => `=?UTF-16LE?B?${Buffer.from(address, 'utf16le').toString('base64')}?=`),
    'an unknown character set': subject(address => `=?x-unknown?B?${base64(address)}?=`),
    'an encoding that does not exist': subject(address => `=?UTF-8?X?${base64(address)}?=`),
    'an encoding that begins like one': subject(address => `=?UTF-8?BX?${base64(address)}?=`),
    'an encoding that ends like one': subject(address => `=?UTF-8?XB?${base64(address)}?=`),
    'no character set': subject(address => `=??B?${base64(address)}?=`),
    'ISO-2022-JP': subject(() => '=?ISO-2022-JP?B?GyRCOCFEIxsoQg==?='),
    'a word that is no base64, which is shown as it is': subject(address => `=?UTF-8?B?${address}?=`),
    'the same in the text': address => withText(`=?UTF-8?B?${address}?=`),
    'the same in the HTML': address => withHtml(`<p>=?UTF-8?B?${address}?=</p>`),
  },
}
