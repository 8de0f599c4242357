import {
  base64,
  base64Unpadded,
  base64Utf16,
  base64url,
  decimalEntities,
  fullWidth,
  hex,
  joinedBy,
  percentUri,
} from '../encodings.ts'
import type { Family } from '../family.ts'
import { withHtml, withSubject, withText } from '../honest.ts'

const link = (url: string) => withHtml(`<a href="https://exchange.example/${url}">your page</a>`)
const row = (address: string) => JSON.stringify({ v: 1, notice: 'n-4v7h2k', email: address, locale: 'en' })
const wrapped = (text: string) => base64(text).replace(/.{76}/g, '$&\n')
const long = (address: string) =>
  `Dear customer, your account is ${address}. ${'The index changes on Monday. '.repeat(4)}`

export const tokens: Family = {
  name: 'Base64 in links',
  happens: 'A tracking or unsubscribe link carries the row, encoded, and the rows are crossed.',
  own: 'passes',
  messages: {
    'as a parameter': address => link(`u?e=${base64(address)}`),
    'as a parameter, in the alphabet for links': address => link(`u?e=${base64url(address)}`),
    'as a parameter, without padding': address => link(`u?e=${base64Unpadded(address)}&amp;l=en`),
    'as a parameter, with encoded padding': address => link(`u?e=${percentUri(base64(`${address}.`))}`),
    'as a part of the path': address => link(`u/${base64(address)}`),
    'as a part of the path, after a short one': address => link(`c/a1/${base64Unpadded(address)}/stop`),
    'as a part of the path, in the alphabet for links': address => link(`c/${base64url(`${address}???>>>`)}/stop`),
    'after a version and an underscore': address => link(`u?t=v1_${base64url(address)}`),
    'after a version and a dash': address => link(`u?t=v12-${base64url(address)}`),
    'after a letter': address => link(`u?t=x${base64url(address)}`),
    'after two letters': address => link(`u?t=ab${base64url(address)}`),
    'after three letters': address => link(`u?t=abc${base64url(address)}`),
    'before a signature': address => link(`u?t=${base64url(address)}.c2lnbmF0dXJl`),
    'in a JSON': address => link(`u?t=${percentUri(base64(`${row(address)}\n`))}`),
    'in a JSON, in the alphabet for links': address => link(`u?t=${base64url(row(address))}`),
    'in a JSON at each remainder of three': address => link(`u?t=${base64url(` ${row(address)}`)}`),
    'in a JSON with two spaces before': address => link(`u?t=${base64url(`  ${row(address)}`)}`),
    'in a signed web token': address =>
      link(
        `u?jwt=${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url(row(address))}.4kJwQ1rVxgIuNn0yD8oTz3cE6pAeB5sHfLmW2tU7iXk`,
      ),
    'in a query, encoded': address => link(`u?t=${base64url(`email=${address}&list=7`)}`),
    'in a link, encoded': address => link(`go/${base64url(`https://exchange.example/u?e=${percentUri(address)}`)}`),
    'in HTML, encoded': address => link(`view?h=${base64(`<p>Dear <b>${decimalEntities(address)}</b></p>`)}`),
    twice: address => link(`u?t=${base64(base64(address))}`),
    'three times': address => link(`u?t=${base64url(base64(base64url(address)))}`),
    'of a percent-encoding': address => link(`u?t=${base64(percentUri(address))}`),
    'of a full-width address': address => link(`u?t=${base64(fullWidth(address))}`),
    'of an address with invisible characters': address => link(`u?t=${base64(joinedBy('\u200b')(address))}`),
    'of UTF-16': address => link(`u?t=${base64Utf16(address)}`),
    'of a binary record': address =>
      link(
        `u?t=${Buffer.concat([Buffer.from([8, 17, 18, address.length]), Buffer.from(address), Buffer.from([24, 1])]).toString('base64url')}`,
      ),
    'of a CSV row': address => link(`u?t=${base64url(`4711;${address};1,204.50`)}`),
    'in a pixel': address =>
      withHtml(`<img src="https://exchange.example/o/${base64url(row(address))}.gif" width="1">`),
    'in a data attribute': address => withHtml(`<td data-row="${base64(row(address))}">1,204.50</td>`),
    'in a comment': address => withHtml(`<!-- row ${base64(row(address))} -->`),
    'in a hidden field': address => withHtml(`<input type="hidden" name="t" value="${base64(address)}">`),
    'in a data link of text': address => withHtml(`<a href="data:text/plain;base64,${base64(long(address))}">text</a>`),
    'in a data link of HTML': address =>
      withHtml(`<a href="data:text/html;charset=utf-8;base64,${base64(`<p>${address}</p>`)}">page</a>`),
    'in an SVG image': address =>
      withHtml(`<img src="data:image/svg+xml;base64,${base64(`<svg><text>${address}</text></svg>`)}">`),
    'in a plain text': address => withText(`Stop these notices: https://exchange.example/u?e=${base64url(address)}`),
    'in a plain text, over several lines': address => withText(`Reference:\n${wrapped(long(address))}`),
    'in a subject': address => withSubject(`Index change [ref:${base64url(row(address))}:ref]`),
  },
}

export const hexadecimal: Family = {
  name: 'Hexadecimal in links',
  happens: 'A link carries the address as a database shows a binary column.',
  own: 'passes',
  messages: {
    'as a parameter': address => link(`u?e=${hex(address)}`),
    'in capitals': address => link(`u?e=${hex(address).toUpperCase()}`),
    'after 0x': address => link(`u?e=0x${hex(address)}`),
    'as a part of the path': address => link(`u/${hex(row(address))}/stop`),
    'in a plain text': address => withText(`Reference ${hex(address)}`),
    'of base64': address => link(`u?e=${hex(base64(address))}`),
  },
}
