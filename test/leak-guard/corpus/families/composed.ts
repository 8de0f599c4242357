import * as e from '../encodings.ts'
import type { Family } from '../family.ts'
import { withHtml, withSubject, withText } from '../honest.ts'

type Encoding = (text: string) => string
const chained =
  (...steps: readonly Encoding[]): Encoding =>
  text =>
    steps.reduce((written, step) => step(written), text)

const link = (token: string) => withHtml(`<a href="https://exchange.example/u?e=${token}">your page</a>`)
const body = (html: string) => withHtml(`<p>Account: ${html}</p>`)
const json = (text: string) => JSON.stringify({ email: text })
const url = (text: string) => `https://exchange.example/u?e=${text}`
const bold = (text: string) => text.replace('@', '<b>@</b>')

export const twoLevels: Family = {
  name: 'Two encodings, one within the other',
  happens: 'A value passes through two systems, and each encodes it for its own next step.',
  own: 'passes',
  messages: {
    'percent, then entities': a => body(chained(e.percentUri, e.decimalEntities)(a)),
    'entities, then percent': a => link(chained(e.decimalEntities, e.percentUri)(a)),
    'named entities, then percent': a => link(chained(e.namedEntities, e.percentUri)(a)),
    'entities, then base64': a => link(chained(e.hexEntities, e.base64url)(a)),
    'percent, then base64url': a => link(chained(e.percentAll, e.base64url)(a)),
    'base64, then percent': a => link(chained(e.base64, e.percentAll)(a)),
    'base64, then entities': a => link(chained(e.base64, e.decimalEntities)(a)),
    'JSON, then percent': a => link(chained(json, e.percentUri)(a)),
    'JSON escapes, then base64': a => link(chained(e.jsonEscapes, json, e.base64url)(a)),
    'circled letters, then percent': a => link(chained(e.circled, e.percentUri)(a)),
    'full width, then entities': a => body(chained(e.fullWidth, e.hexEntities)(a)),
    'full width, then base64': a => link(chained(e.fullWidth, e.base64url)(a)),
    'bold letters, then entities': a => body(chained(e.mathBold, e.hexEntities)(a)),
    'invisible characters, then percent': a => link(chained(e.joinedBy('\u200b'), e.percentUri)(a)),
    'invisible characters, then entities': a => body(chained(e.joinedBy('\u2060'), e.decimalEntities)(a)),
    'invisible characters, then base64': a => link(chained(e.joinedBy('\u00ad'), e.base64)(a)),
    'a tag, then base64': a => link(chained(bold, e.base64)(a)),
    'a tag, then percent': a => link(chained(bold, e.percentUri)(a)),
    'a tag in escaped HTML': a => body(bold(a).replaceAll('<', '&lt;').replaceAll('>', '&gt;')),
    'base64, then a word': a => withSubject(chained(e.base64, text => e.wordB(text))(a)),
    'percent, then a word': a => withSubject(chained(e.percentUri, text => e.wordQ(text))(a)),
    'entities, then a word': a => withSubject(chained(e.decimalEntities, text => e.wordQ(text))(a)),
    'a word, then percent': a => withText(chained((text: string) => e.wordB(text), e.percentUri)(a)),
    'a word, then base64': a => link(chained((text: string) => e.wordQ(text), e.base64url)(a)),
    'a link, then base64': a => link(chained(e.percentUri, url, e.base64url)(a)),
    'hexadecimal, then base64': a => link(chained(e.hex, e.base64url)(a)),
    'percent, then hexadecimal': a => link(chained(e.percentUri, e.hex)(a)),
    'entities with tags between': a => body(e.decimalEntities(a).replaceAll(';', ';<wbr>')),
    'percent with a word break between': a => body(e.percentUri(a).replace('%40', '<wbr>%40<wbr>')),
    'base64 with invisible characters between': a => withText(`Reference ${e.joinedBy('\u200b')(e.base64(a))}`),
    'base64 in full width': a => withText(`Reference ${e.fullWidth(e.base64(a))}`),
  },
}

export const threeLevels: Family = {
  name: 'Three encodings, one within the other',
  happens: 'A token within a link within a redirect, in an HTML attribute: every click-tracker does it.',
  own: 'passes',
  messages: {
    'entities, percent, base64': a => link(chained(e.decimalEntities, e.percentUri, e.base64url)(a)),
    'base64, percent, entities': a => link(chained(e.base64, e.percentAll, e.hexEntities)(a)),
    'percent, base64, percent': a => link(chained(e.percentUri, e.base64, e.percentUri)(a)),
    'JSON, base64, percent': a => link(chained(json, e.base64, e.percentUri)(a)),
    'JSON, base64, base64': a => link(chained(json, e.base64, e.base64url)(a)),
    'JSON escapes, JSON, percent twice': a => link(chained(e.jsonEscapes, json, e.percentUri, e.percentUri)(a)),
    'a link, percent, a link, base64': a => link(chained(e.percentUri, url, e.percentUri, url, e.base64url)(a)),
    'full width, invisible characters, percent': a => link(chained(e.fullWidth, e.joinedBy('\u200b'), e.percentUri)(a)),
    'full width, percent, base64': a => link(chained(e.fullWidth, e.percentUri, e.base64)(a)),
    'invisible characters, entities, base64': a => link(chained(e.joinedBy('\u00ad'), e.decimalEntities, e.base64)(a)),
    'a tag, entities, percent': a => link(chained(bold, e.decimalEntities, e.percentUri)(a)),
    'percent three times, then entities': a =>
      link(chained(e.percentUri, e.percentUri, e.percentUri, e.decimalEntities)(a)),
    'a word, base64, percent': a => link(chained((text: string) => e.wordB(text), e.base64, e.percentUri)(a)),
    'percent, base64, a word': a => withSubject(chained(e.percentUri, e.base64, text => e.wordB(text))(a)),
    'entities, base64, a word': a => withSubject(chained(e.namedEntities, e.base64, text => e.wordQ(text))(a)),
    'full width, base64, a word': a => withSubject(chained(e.fullWidth, e.base64, text => e.wordQ(text))(a)),
    'script letters, percent, entities': a => body(chained(e.mathScript, e.percentUri, e.decimalEntities)(a)),
    'hexadecimal, base64, percent': a => link(chained(e.hex, e.base64, e.percentAll)(a)),
  },
}

export const cut: Family = {
  name: 'Encodings cut in two',
  happens: 'A renderer lets long words break, tokens too, and half a token reads as half an address.',
  own: 'refused too',
  messages: {
    'base64 with a word break in it': a => body(e.base64(a).replace(/^.{8}/, '$&<wbr>')),
    'base64 in two elements': a => body(`<b>${e.base64(a).slice(0, 12)}</b><i>${e.base64(a).slice(12)}</i>`),
    'base64 with soft hyphens': a => body(e.base64(a).replace(/.{8}/g, '$&&shy;')),
    'hexadecimal with a word break in it': a => body(e.hex(a).replace(/^.{8}/, '$&<wbr>')),
    'percent-encoding with a word break in an escape': a => body(e.percentAll(a).replaceAll('%', '%<wbr>')),
  },
}
