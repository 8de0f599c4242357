import { fullWidth, percentAll, percentAllLower, percentUnicode, percentUri } from '../encodings.ts'
import type { Family } from '../family.ts'
import { withHtml, withSubject, withText } from '../honest.ts'

const link = (url: string) => withHtml(`<a href="https://exchange.example/${url}">your page</a>`)
const times = (count: number, text: string): string => (count === 0 ? text : times(count - 1, percentUri(text)))

export const percent: Family = {
  name: 'Percent-encoding',
  happens: 'A link is built with the address of the row before, or a redirect wraps one link into another.',
  own: 'passes',
  messages: {
    'in a query': address => link(`u?e=${percentUri(address)}`),
    'in a path': address => link(`u/${percentUri(address)}/stop`),
    'in a fragment': address => link(`account#/${percentUri(address)}`),
    'in a matrix parameter': address => link(`u;e=${percentUri(address)};l=en`),
    'as the name of a parameter': address => link(`u?${percentUri(address)}=1`),
    'after other parameters': address => link(`u?utm_source=mail&amp;utm_medium=x&amp;e=${percentUri(address)}`),
    'all of it': address => link(`u?e=${percentAll(address)}`),
    'all of it, in lower case': address => link(`u?e=${percentAllLower(address)}`),
    'the dots alone': address => link(`u?e=${address.replaceAll('.', '%2E').replace('+', '%2B')}`),
    'every second character': address =>
      link(
        `u?e=${Array.from(address, (char, at) => (at % 2 === 0 ? percentAll(char) : char))
          .join('')
          .replace('+', '%2B')}`,
      ),
    twice: address => link(`u?e=${times(2, address)}`),
    'three times': address => link(`u?e=${times(3, address)}`),
    'four times': address => link(`u?e=${times(4, address)}`),
    'all of it twice': address => link(`u?e=${percentAll(percentAll(address))}`),
    'in a link within a link': address =>
      link(`go?to=${percentUri(`https://exchange.example/u?e=${percentUri(address)}`)}`),
    'in a link within a link within a link': address =>
      link(
        `go?to=${percentUri(`https://go.example/?to=${percentUri(`https://exchange.example/u?e=${percentUri(address)}`)}`)}`,
      ),
    'in a JSON': address => link(`u?q=${percentUri(JSON.stringify({ email: address, page: 1 }))}`),
    'after a broken escape': address => link(`u?q=100%&amp;e=${percentUri(address)}`),
    'after an escape that is no UTF-8': address => link(`u?q=caf%E9&amp;e=${percentUri(address)}`),
    'after a code that is no character': address => link(`u?q=%FF%FE${percentAll(`=${address}`)}`),
    'as the older escape() writes it': address => link(`u?e=${percentUnicode(address)}`),
    'the full-width sign': address => link(`u?e=${percentUri(address.replace('@', '\uff20'))}`),
    'all of it in full width': address => link(`u?e=${percentUri(fullWidth(address))}`),
    'with invisible characters': address => link(`u?e=${percentUri(address.replace('@', '\u200b@\u200b'))}`),
    'in the older form of mailto': address => withHtml(`<a href="mailto:${percentAll(address)}">write</a>`),
    'in a visible text': address => withHtml(`<p>Your page is exchange.example/u/${percentUri(address)}</p>`),
    'in a plain text': address => withText(`https://exchange.example/u?e=${percentUri(address)}`),
    'in a plain text, twice': address => withText(`https://exchange.example/u?e=${times(2, address)}`),
    'in a subject': address => withSubject(`Index change [${percentUri(address)}]`),
  },
}

export const percentForAnother: Family = {
  name: 'Percent-encoding where an address stands before the host',
  happens: 'A link logs its reader in by the user name in the address of the link.',
  own: 'refused too',
  messages: {
    'as the user': address => withHtml(`<a href="https://${percentUri(address)}:x@exchange.example/">log in</a>`),
    'as the password': address =>
      withHtml(`<a href="https://user:${percentUri(address)}@exchange.example/">log in</a>`),
    unencoded: address => withHtml(`<a href="https://${address}@exchange.example/">log in</a>`),
    'in another scheme': address => withText(`xmpp://${percentUri(address)}@exchange.example/?join`),
  },
}

export const deep: Family = {
  name: 'Deeper than anybody encodes',
  happens: 'A chain of redirects wraps a link again and again, or somebody tests how deep the guard looks.',
  own: 'refused too',
  messages: {
    'percent-encoded twelve times': address => link(`u?e=${times(12, address)}`),
    'percent-encoded thirty times': address => link(`u?e=${times(30, address)}`),
    'escaped for HTML twelve times': address => withHtml(address.replace('@', `&${'amp;'.repeat(12)}#64;`)),
    'escaped for HTML forty times': address => withHtml(address.replace('@', `&${'amp;'.repeat(40)}commat;`)),
    'in base64 twelve times': address => {
      let token = address
      for (let level = 0; level < 12; level++) token = Buffer.from(token).toString('base64')
      return link(`u?e=${token}`)
    },
  },
}
