import { percentUri } from '../encodings.ts'
import type { Family } from '../family.ts'
import { support, withHtml, withText } from '../honest.ts'

const href = (make: (address: string) => string) => (address: string) =>
  withHtml(`<a href="${make(address)}">write to us</a>`)
const plus = (address: string) => address.replace('+', '%2B')

export const mailto: Family = {
  name: 'Links that write a mail',
  happens: 'A “reply to your manager” link is filled from a column, with a copy to whoever stands in the next.',
  own: 'passes',
  messages: {
    to: href(address => `mailto:${address}`),
    'to, without quotes': address => withHtml(`<a href=mailto:${address}>write to us</a>`),
    'to, in capitals': href(address => `MAILTO:${address}`),
    'to, with slashes as some write it': href(address => `mailto://${address}`),
    cc: href(address => `mailto:${support}?cc=${plus(address)}`),
    bcc: href(address => `mailto:${support}?bcc=${plus(address)}&amp;subject=Index`),
    'a second to': href(address => `mailto:${support}?to=${percentUri(address)}`),
    'a second address': href(address => `mailto:${support},${address}`),
    'a second address with an encoded comma': href(address => `mailto:${support}%2C${percentUri(address)}`),
    subject: href(address => `mailto:${support}?subject=Account%20${percentUri(address)}`),
    body: href(address => `mailto:${support}?body=I%20am%20${percentUri(address)}%0D%0A`),
    'body, encoded twice': href(address => `mailto:${support}?body=I%20am%20${percentUri(percentUri(address))}`),
    'reply-to': href(address => `mailto:${support}?reply-to=${percentUri(address)}`),
    'with a name': href(address => `mailto:Support%20%3C${percentUri(address)}%3E`),
    'over two lines before the sign, which a browser joins': href(address => `mailto:${address.replace('@', '\n@')}`),
    'over two lines within the domain': href(address => `mailto:${address.replace('example', 'exam\r\nple')}`),
    'with a tab within the domain': href(address => `mailto:${address.replace('example', 'exam\tple')}`),
    'over two lines by an entity': href(address => `mailto:${address.replace('@', '@&#10;')}`),
    'in a plain text': address => withText(`Write to <mailto:${support}?cc=${plus(address)}>`),
    'in markdown': address => withText(`[Write to us](mailto:${support}?cc=${plus(address)})`),
  },
}

export const otherSchemes: Family = {
  name: 'Links of other kinds',
  happens: 'A notice offers a chat, a calendar entry or a payment, and the link names the other party.',
  own: 'passes',
  messages: {
    chat: href(address => `xmpp:${address}?message`),
    call: href(address => `sip:${address}`),
    'call, secured': href(address => `sips:${address};transport=tls`),
    meeting: href(address => `https://meet.exchange.example/new?guest=${percentUri(address)}`),
    'calendar entry': href(
      address => `data:text/calendar,BEGIN:VEVENT%0AATTENDEE:mailto:${percentUri(address)}%0AEND:VEVENT`,
    ),
    'account in a one-time password': href(address => `otpauth://totp/Exchange:${percentUri(address)}?secret=AAAA`),
    account: href(address => `acct:${address}`),
    payment: href(address => `https://pay.exchange.example/?business=${percentUri(address)}&amp;amount=3.00`),
    share: href(address => `https://share.example/?text=${percentUri(`I am ${address}`)}`),
    'message by phone': href(address => `sms:+4912345?body=${percentUri(address)}`),
    'deep link into an app': href(address => `exchange-app://account/${percentUri(address)}/index`),
    'a link without a scheme': href(address => `//exchange.example/u/${percentUri(address)}`),
    'a relative link': href(address => `?e=${percentUri(address)}`),
    'a link that begins with spaces': href(address => `  mailto:${address}`),
    'a link with a tab in its scheme': href(address => `mail&#9;to:${address}`),
    'a redirect of a search engine': href(
      address => `https://www.search.example/url?q=${percentUri(`mailto:${address}`)}&amp;sa=D`,
    ),
    'a link rewritten by a filter': href(
      address =>
        `https://safelinks.example/?url=${percentUri(`https://exchange.example/u?e=${percentUri(address)}`)}&amp;data=05%7C02%7C`,
    ),
    'the recipient in a filter’s own data': href(
      address => `https://safelinks.example/?url=x&amp;data=05%7C02%7C${percentUri(address)}%7Ca1b2c3`,
    ),
  },
}
