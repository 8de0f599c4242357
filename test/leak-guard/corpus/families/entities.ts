import { decimalEntities, hexEntities, letterEntities, namedEntities, zeroPaddedEntities } from '../encodings.ts'
import type { Family } from '../family.ts'
import { withHtml, withSubject, withText } from '../honest.ts'

const inHtml = (change: (address: string) => string) => (address: string) =>
  withHtml(`<p>Account: ${change(address)}</p>`)

export const entities: Family = {
  name: 'HTML entities',
  happens: 'The address was hidden from scrapers when the template was pasted together, or escaped once too often.',
  own: 'passes',
  messages: {
    'the sign in decimal': inHtml(address => address.replace('@', '&#64;')),
    'the sign in decimal, padded with zeros': inHtml(address => address.replace('@', '&#0000064;')),
    'the sign in decimal, without its semicolon': inHtml(address => address.replace('@', '&#64')),
    'the sign in hexadecimal': inHtml(address => address.replace('@', '&#x40;')),
    'the sign in hexadecimal, with a capital X': inHtml(address => address.replace('@', '&#X0040;')),
    'the sign in hexadecimal, without its semicolon, before a tag': inHtml(address => address.replace('@', '&#x40<b>')),
    'the sign by name': inHtml(address => address.replace('@', '&commat;')),
    'the dots by name': inHtml(address => address.replaceAll('.', '&period;')),
    'the dots in decimal': inHtml(address => address.replaceAll('.', '&#46;')),
    'all signs by name': inHtml(namedEntities),
    'all in decimal': inHtml(decimalEntities),
    'all in hexadecimal': inHtml(hexEntities),
    'all in padded decimals': inHtml(zeroPaddedEntities),
    'decimal and hexadecimal in turns': inHtml(address =>
      Array.from(address, (char, index) => (index % 2 === 0 ? decimalEntities(char) : hexEntities(char))).join(''),
    ),
    'all but the letters in decimal': inHtml(address => address.replace(/\W/g, decimalEntities)),
    'letters by the names of their double-struck forms': inHtml(letterEntities),
    'the full-width sign in hexadecimal': inHtml(address => address.replace('@', '&#xFF20;')),
    'the small sign in decimal': inHtml(address => address.replace('@', '&#65131;')),
    'escaped twice': inHtml(address => address.replace('@', '&amp;#64;')),
    'escaped twice, by name': inHtml(address => address.replace('@', '&amp;commat;')),
    'escaped twice, the ampersand in decimal': inHtml(address => address.replace('@', '&#38;#64;')),
    'escaped twice, the ampersand in capitals': inHtml(address => address.replace('@', '&AMP;#x40;')),
    'escaped three times': inHtml(address => address.replace('@', '&amp;amp;#64;')),
    'a soft hyphen by name': inHtml(address => address.replace('@', '&shy;@&shy;')),
    'an invisible space by name': inHtml(address => address.replace('@', '&ZeroWidthSpace;@')),
    'a joiner by name': inHtml(address => Array.from(address).join('&zwj;')),
    'a non-joiner by name': inHtml(address => address.replaceAll('.', '&zwnj;.')),
    'a no-break sign by name': inHtml(address => address.replace('@', '@&NoBreak;')),
    'an invisible product by name': inHtml(address => address.replace('@', '&InvisibleTimes;@&it;')),
    'direction marks by name': inHtml(address => address.replace('@', '&lrm;@&rlm;')),
    'an invisible space in decimal': inHtml(address => Array.from(address).join('&#8203;')),
    'in the address of a link': inHtml(address => `<a href="&#109;ailto&colon;${decimalEntities(address)}">write</a>`),
    'in a title': inHtml(address => `<span title="${hexEntities(address)}">you</span>`),
    'in a plain text, escaped by mistake': address => withText(`Account: ${address.replace('@', '&#64;')}`),
    'in a subject, escaped by mistake': address => withSubject(`Index change for ${address.replace('@', '&#64;')}`),
    'in a subject, all of it': address => withSubject(`For ${decimalEntities(address)}`),
  },
}
