import { cssEscapes, cssLongEscapes, jsonEscapes } from '../encodings.ts'
import type { Family } from '../family.ts'
import { withHtml } from '../honest.ts'

const html = (make: (address: string) => string) => (address: string) => withHtml(make(address))

export const attributes: Family = {
  name: 'Attributes',
  happens:
    'A template fills a title, an alternative text or a form field from the wrong row; nobody proof-reads attributes.',
  own: 'passes',
  messages: {
    'alternative text': html(address => `<img src="https://exchange.example/a.png" alt="Account of ${address}">`),
    title: html(address => `<abbr title="${address}">account</abbr>`),
    'label for screen readers': html(address => `<a href="#" aria-label="Stop notices to ${address}">Stop</a>`),
    'description for screen readers': html(address => `<div role="note" aria-description="${address}"></div>`),
    'data attribute': html(address => `<tr data-email="${address}"><td>1</td></tr>`),
    'data attribute without quotes': html(address => `<tr data-email=${address}><td>1</td></tr>`),
    'data attribute in single quotes': html(address => `<tr data-row='{"email":"${address}"}'><td>1</td></tr>`),
    'value of a field': html(address => `<input name="email" value="${address}">`),
    'placeholder of a field': html(address => `<input name="email" placeholder="${address}">`),
    'hidden field': html(address => `<input type="hidden" name="id" value="${address}">`),
    'name of an option': html(address => `<select><option label="${address}">1</option></select>`),
    identifier: html(address => `<div id="${address}"></div>`),
    class: html(address => `<div class="${address}"></div>`),
    'address of an image': html(
      address => `<img src="https://exchange.example/chart.png?for=${address.replace('+', '%2B')}">`,
    ),
    'addresses of an image': html(address => `<img srcset="/c.png?e=${address.replace('+', '%2B')} 2x" src="/c.png">`),
    background: html(
      address => `<td background="https://exchange.example/b.png?e=${address.replace('+', '%2B')}"></td>`,
    ),
    'target of a form': html(
      address => `<form action="/stop?e=${address.replace('+', '%2B')}"><button>Stop</button></form>`,
    ),
    quotation: html(address => `<blockquote cite="mid:1.${'x'}" title="${address} wrote">Hello</blockquote>`),
    time: html(address => `<time datetime="2026-11-23" data-by="${address}">Monday</time>`),
    microdata: html(address => `<meta itemprop="email" content="${address}">`),
    'an event': html(address => `<a href="#" onclick="stop('${address}')">Stop</a>`),
    'a style': html(address => `<div style="background:url('/b?e=${address.replace('+', '%2B')}')"></div>`),
    'an attribute nobody knows': html(address => `<div x-owner="${address}"></div>`),
    'an attribute with spaces around its equals sign': html(address => `<img alt = "${address}">`),
    'an attribute of an end tag': html(address => `<b>x</b title="${address}">`),
  },
}

export const hidden: Family = {
  name: 'Where a reader does not look, but the source shows it',
  happens: 'The text for previews, a block for testers or a commented-out greeting still has another customer in it.',
  own: 'passes',
  messages: {
    'preview text': html(address => `<div style="display:none;max-height:0;overflow:hidden">Hello ${address}</div>`),
    'preview text with padding': html(
      address => `<span style="font-size:0">${address}${'&#847;&zwnj;&nbsp;'.repeat(40)}</span>`,
    ),
    'white on white': html(address => `<font color="#ffffff">${address}</font>`),
    'hidden attribute': html(address => `<p hidden>${address}</p>`),
    'far to the left': html(address => `<p style="position:absolute;left:-9999px">${address}</p>`),
    'a comment': html(address => `<!-- rendered for ${address} -->`),
    'a comment over lines': html(address => `<!--\n  row 17\n  ${address}\n-->`),
    'a comment in a comment': html(address => `<!-- <!-- ${address} -->`),
    'an unfinished comment': html(address => `<p>Bye</p><!-- ${address}`),
    'a condition for Outlook': html(address => `<!--[if mso]><p>${address}</p><![endif]-->`),
    'a condition against Outlook': html(address => `<!--[if !mso]><!--><p>${address}</p><!--<![endif]-->`),
    'the title of the page': html(address => `<title>Notice for ${address}</title>`),
    'the head': html(address => `<head><meta name="author" content="${address}"></head>`),
    'a block for browsers without scripts': html(address => `<noscript>${address}</noscript>`),
    'a template element': html(address => `<template><p>${address}</p></template>`),
    'a text area': html(address => `<textarea>${address}</textarea>`),
    'a script': html(address => `<script>var user = "${address}"</script>`),
    'data for a mail client': html(
      address => `<script type="application/ld+json">{"@type":"Person","email":"${address}"}</script>`,
    ),
    'a drawing': html(address => `<svg><title>${address}</title><text>chart</text></svg>`),
    'a formula': html(address => `<math><annotation>${address}</annotation></math>`),
    'an unfinished tag': html(address => `<p>Bye</p><a title="${address}`),
    'after the end of the page': html(address => `</body></html>${address}`),
    'before the beginning of the page': address => {
      const mail = withHtml('<p>x</p>')
      const { Simple } = mail.Content
      const Html = { Data: `row ${address}<!doctype html>${Simple.Body.Html.Data}`, Charset: 'UTF-8' }
      return { ...mail, Content: { Simple: { ...Simple, Body: { ...Simple.Body, Html } } } }
    },
    'a declaration': html(address => `<!ENTITY owner "${address}">`),
    'a CDATA section': html(address => `<![CDATA[${address}]]>`),
    'a processing instruction': html(address => `<?owner ${address}?>`),
  },
}

export const styles: Family = {
  name: 'Style sheets',
  happens: 'A generated style carries a label for each account, and the sheet of another is inlined.',
  own: 'passes',
  messages: {
    content: html(address => `<style>.a:after{content:"${address}"}</style><p class="a"></p>`),
    'content in single quotes': html(address => `<style>.a:before{content:'${address}'}</style>`),
    'content with the sign escaped': html(
      address => `<style>.a:after{content:"${address.replace('@', '\\40 ')}"}</style>`,
    ),
    'content with a long escape': html(
      address => `<style>.a:after{content:"${address.replace('@', '\\000040')}"}</style>`,
    ),
    'content escaped altogether': html(address => `<style>.a:after{content:"${cssEscapes(address)}"}</style>`),
    'content escaped altogether, in the long form': html(
      address => `<style>.a:after{content:"${cssLongEscapes(address)}"}</style>`,
    ),
    'content with a backslash before the sign': html(
      address => `<style>.a:after{content:"${address.replace('@', '\\@')}"}</style>`,
    ),
    'content over two lines': html(address => `<style>.a:after{content:"${address.replace('@', '\\\n@')}"}</style>`),
    'a comment': html(address => `<style>/* for ${address} */ .a{color:red}</style>`),
    'an address of an image': html(address => `<style>.a{background:url(/b?e=${address.replace('+', '%2B')})}</style>`),
    'a selector': html(address => `<style>[data-email="${address}"]{color:red}</style>`),
    'a variable': html(address => `<style>:root{--owner:"${address}"}</style>`),
    'a style attribute': html(address => `<p style="--owner:'${cssEscapes(address)}'">x</p>`),
  },
}

export const scripts: Family = {
  name: 'Escapes of JSON and scripts',
  happens: 'Mail clients read JSON-LD for orders and bookings; whatever wrote it escapes what it likes.',
  own: 'passes',
  messages: {
    'the sign in JSON-LD': html(
      address =>
        `<script type="application/ld+json">{"@type":"Person","email":"${address.replace('@', '\\u0040')}"}</script>`,
    ),
    'all of it in JSON-LD': html(
      address => `<script type="application/ld+json">{"email":"${jsonEscapes(address)}"}</script>`,
    ),
    'the sign as two digits in a script': html(
      address => `<script>var user = "${address.replace('@', '\\x40')}"</script>`,
    ),
    'the sign with braces in a script': html(
      address => `<script>var user = "${address.replace('@', '\\u{40}')}"</script>`,
    ),
    'in a data attribute': html(
      address => `<td data-row="{&quot;email&quot;:&quot;${address.replace('@', '\\u0040')}&quot;}"></td>`,
    ),
    'in a link': html(address => `<a href="/u?q=%7B%22e%22%3A%22${address.replace('@', '%5Cu0040')}%22%7D">x</a>`),
  },
}
