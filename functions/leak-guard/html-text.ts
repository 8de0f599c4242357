import { decodeEntities } from './plain-reading.ts'

/** Stands where one inline element ends and the next begins with nothing between: a reader sees no gap, or a small one. */
export const JOINT = '\ufdd0'
/** Stands where a line, a cell or a picture begins or ends. */
export const BREAK = '\ufdd1'

const BREAKING = new Set(
  (
    'address article aside blockquote body br button caption center col colgroup dd details dialog dir div dl dt fieldset ' +
    'figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img input legend li ' +
    'link main map menu meta nav noframes object ol optgroup option p param picture pre search section select source ' +
    'style script summary svg table tbody td template textarea tfoot th thead title tr ul video'
  ).split(' '),
)
/** Elements whose content is no text of the page. */
const SCRIPTS = new Set(['style', 'script'])
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '))
const HIDING = /<!--\[if|\bhidden\b|display\s{0,9}:\s{0,9}none|font-size\s{0,9}:\s{0,9}0/i
const HIDDEN = /\shidden\b|visibility\s{0,9}:hidden|display\s{0,9}:\s{0,9}none|font-size\s{0,9}:\s{0,9}0/i

/** How a page is read. */
interface Reader {
  readonly decode: (text: string) => string
  /** Whether a `>` in quotes is a part of the tag. */
  readonly quotes: boolean
  /** Whether what Outlook alone shows, and what a style hides, is read too. */
  readonly unshown: boolean
}

/**
 * The text of a page: without tags and comments, entities decoded in each piece by itself, with marks where elements divide it;
 * with all that any client may show. One pass. Quotes in tags are honoured until one is found that never ends.
 */
export function htmlText(html: string): string {
  return textOf(html, { decode: decodeEntities, quotes: true, unshown: true })
}

/** The same as most clients show it: without what is for Outlook alone, or hidden. Undefined when that is the same. */
export function shownText(html: string): string | undefined {
  return HIDING.test(html) ? textOf(html, { decode: decodeEntities, quotes: true, unshown: false }) : undefined
}

/** The same of a text that has been decoded, in which tags may also stand inside of what once was an attribute. */
export function innerText(reading: string): string {
  return textOf(reading, { decode: text => text, quotes: false, unshown: true })
}

function textOf(html: string, { decode, quotes, unshown }: Reader): string {
  const pieces: string[] = []
  let quotesEnd = quotes
  let scriptsEnd = true
  let closedHere = false
  let hidden = { name: '', depth: 0 }
  let from = 0
  for (let open = tagStart(html, 0); open !== -1; open = tagStart(html, from)) {
    if (open > from) {
      if (hidden.depth === 0) pieces.push(decode(html.slice(from, open)))
      closedHere = false
    }
    const quoted = quotesEnd ? tagEnd(html, open, unshown) : -1
    if (quoted === -1) quotesEnd = false
    const end = quoted === -1 ? html.indexOf('>', open) : quoted
    from = open
    if (end === -1) break
    const inner = quotes ? -1 : tagStart(html, open + 1)
    if (inner !== -1 && inner < end) {
      pieces.push(html.slice(open, inner))
      from = inner
      closedHere = false
      continue
    }
    const { name, closing } = tagAt(html, open)
    from = end + 1
    if (hidden.depth > 0) {
      if (name === hidden.name) hidden.depth += closing ? -1 : 1
      continue
    }
    if (BREAKING.has(name)) pieces.push(BREAK)
    else if (closedHere && !closing && name !== '') pieces.push(JOINT)
    if (name !== '') closedHere = closing
    if (closing) continue
    if (!unshown && name !== '' && !VOID.has(name) && HIDDEN.test(html.slice(open, end + 1)))
      hidden = { name, depth: 1 }
    if (!scriptsEnd || !SCRIPTS.has(name)) continue
    const close = endOfScript(html, from, name)
    scriptsEnd = close !== 0
    if (!scriptsEnd) continue
    from = close
    hidden.depth = 0
    // What stands around a script or a style is one text.
    pieces.pop()
  }
  pieces.push(decode(html.slice(from)))
  return pieces.join('')
}

/** Where the next tag, comment or declaration begins: a `<` before something else is a sign. */
function tagStart(html: string, from: number): number {
  for (let open = html.indexOf('<', from); open !== -1; open = html.indexOf('<', open + 1)) {
    const next = html.charCodeAt(open + 1) | 0x20
    if ((next >= 0x61 && next <= 0x7a) || next === 0x2f || html.charAt(open + 1) === '!' || next === 0x3f) return open
  }
  return -1
}

interface Tag {
  /** '' for a comment or a declaration, which divide nothing. */
  readonly name: string
  readonly closing: boolean
}

function tagAt(html: string, open: number): Tag {
  const first = html.charAt(open + 1)
  if (first === '!' || first === '?') return { name: '', closing: false }
  const closing = first === '/'
  const start = open + (closing ? 2 : 1)
  let end = start
  while (!endsName(html.charCodeAt(end))) end++
  return { name: html.slice(start, end).toLowerCase(), closing }
}

/** White space, `/` or `>`. */
function endsName(code: number): boolean {
  return code <= 0x20 || code === 0x2f || code === 0x3e
}

/** Where the tag or comment ends: the place of its `>`, or -1. To Outlook its conditions are tags: it shows what they enclose. */
function tagEnd(html: string, open: number, unshown: boolean): number {
  if (html.startsWith('<!--', open) && !(unshown && html.startsWith('<!--[if', open))) return commentEnd(html, open)
  if (html.charAt(open + 1) === '!' || html.charAt(open + 1) === '?') return html.indexOf('>', open)
  let at = open + 1
  for (;;) {
    const end = html.indexOf('>', at)
    const quote = firstQuote(html, at, end)
    if (quote === -1) return end
    const close = html.indexOf(html.charAt(quote), quote + 1)
    if (close === -1) return -1
    at = close + 1
  }
}

function firstQuote(html: string, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const code = html.charCodeAt(at)
    if (code === 0x22 || code === 0x27) return at
  }
  return -1
}

/** As HTML ends comments: also `<!-->`, `<!--->` and `--!>`. */
function commentEnd(html: string, open: number): number {
  if (html.startsWith('>', open + 4)) return open + 4
  if (html.startsWith('->', open + 4)) return open + 5
  return endOf(/--!?>/g, html, open + 4) - 1
}

/** Where the content of a script or a style ends, its end tag included; 0 when it never does. */
function endOfScript(html: string, from: number, name: string): number {
  const inEndTag = endOf(name === 'style' ? /<\/style/gi : /<\/script/gi, html, from)
  return inEndTag === 0 ? 0 : html.indexOf('>', inEndTag) + 1
}

/** Just after the first match from a place on; 0 when there is none. */
function endOf(pattern: RegExp, html: string, from: number): number {
  pattern.lastIndex = from
  return pattern.test(html) ? pattern.lastIndex : 0
}
