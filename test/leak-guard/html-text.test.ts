import { describe, expect, it } from 'vitest'
import { BREAK, htmlText, innerText, JOINT, shownText } from '../../functions/leak-guard/html-text.ts'

/** `~` where two inline elements meet, `|` where a line, a cell or a picture begins or ends. */
const marked = (text: string | undefined) => text?.replaceAll(JOINT, '~').replaceAll(BREAK, '|')

const dividing =
  'address article aside blockquote body br button caption center col colgroup dd details dialog dir div dl dt fieldset ' +
  'figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img input legend li ' +
  'link main map menu meta nav noframes object ol optgroup option p param picture pre search section select source ' +
  'summary svg table tbody td template textarea tfoot th thead title tr ul video'

const texts: Readonly<Record<string, string>> = {
  'a<b>b</b>c': 'abc',
  '<b>a</b><i>b</i>': 'a~b',
  '<b>a</b> <i>b</i>': 'a b',
  '<b>a</b>x<i>b</i>': 'axb',
  '<b>a</b></i><i>b</i>': 'a~b',
  '<b>a</b><!-- x --><i>b</i>': 'a~b',
  '<b>a</b><?x?><i>b</i>': 'a~b',
  '<b><i>a</i></b>': 'a',
  '<b>a<i>b</i></b>': 'ab',
  '<b></b><i></i><u>a</u>': '~~a',
  '<td>a</td><td>b</td>': '|a||b|',
  'a<p/>b<p\n>c<p\tx>d': 'a|b|c|d',
  'a<pp>b<bp>c<B>d</B>e': 'abcde',
  'a&amp;b<b>&#64;</b>': 'a&b@',
  '&am<b>p;</b>': '&amp;',
  'a < b, a <3, a <= b, <é>, <@>, <[>': 'a < b, a <3, a <= b, <é>, <@>, <[>',
  '<a>1<z>2<A>3<Z>4': '1234',
  'a<`>b<{>c': 'a<`>b<{>c',
  'a<': 'a<',
  'a</': 'a</',
  'a<b': 'a<b',
  'a<b>b<i': 'ab<i',
  'a</>b': 'ab',
  'a<!x>b<?y>c<!">d': 'abcd',
  'a<!x ">" y>b': 'a" y>b',
  'a<?x ">" y>b': 'a" y>b',
  '<b>a</b><?x?>b<i>c</i><!-- x -->d': 'abcd',
  'a<!-- > -->b<!---->c': 'abc',
  'a<!-->b<!-- -->c': 'abc',
  'a<!--->b<!-- -->c': 'abc',
  'a<!-- x --!>b': 'ab',
  'a<!-- -- > - -> x -->b': 'ab',
  'a<!-- "> -->b<i title=">">c': 'abc',
  'a<!-- b > c': 'a c',
  'a<!--[if mso]>b<![endif]-->c': 'abc',
  '<b title="a>b">c': 'c',
  "<b title='a>b'>c": 'c',
  '<b title="\'>">c<b title=\'">\'>d': 'cd',
  '<b title="a>b" class=">">c': 'c',
  '<b title="a>b>c<i>d': 'b>cd',
  '<b title="a>b<i title=">">c': '">c',
  '<b title="a" b>c<i title="d>e': 'ce',
  'a<style>b{c:d}</style>e': 'ae',
  'a<script>1<2;"<b>"</script>e': 'ae',
  'a<STYLE>b</Style >c': 'ac',
  'a<style>b</script>c</style>d<script>e</style>f</script>g': 'adg',
  'a<style>b</style>c<style>d</style>e': 'ace',
  'a<style>b<p>c': 'a|b|c',
  'a<style>b<script>c</script>d': 'a|b|c|d',
  'a<style>b</style': 'a|b</style',
  'a</style>b': 'a|b',
  '<p>a</p><style>b</style>c': '|a|c',
  'a<styles>b</styles>c': 'abc',
}

const shown: Readonly<Record<string, string | undefined>> = {
  'a<b>b</b>c': undefined,
  'a<b title="x">c</b>': undefined,
  'a<!-- x -->b': undefined,
  'a<!--[if mso]>b<![endif]-->c': 'ac',
  'a<!--[if !mso]><!-->b<!--<![endif]-->c': 'abc',
  'a<b hidden>b</b>c': 'ac',
  'a<b hidden="">b</b>c': 'ac',
  'a<b data-hidden="x">b</b>c<b hidden>d</b>': 'abc',
  'a<b\nHIDDEN>b</b>c': 'ac',
  'a<b style="display:none">b</b>c': 'ac',
  'a<b style="Display  :  None">b</b>c': 'ac',
  'a<b style="font-size:0">b</b>c': 'ac',
  'a<b style="font-size : 0px">b</b>c': 'ac',
  'a<b style="visibility:hidden">b</b>c': 'ac',
  'a<b style="visibility :hidden">b</b>c<!--[if x]>': 'ac',
  'a<b style="visibility : hidden">b</b>c': 'ac',
  'a<b style="display:block">b</b><i hidden>c</i>d': 'ab~d',
  'a<b hidden>b<i>c</i>d</b>e': 'ae',
  'a<b hidden>b<b>c</b>d</b>e': 'ae',
  'a<b hidden>b<b hidden>c</b>d</b>e<b>f</b>': 'aef',
  'a<b hidden>b</i>c</b>d': 'ad',
  'a<b hidden>b<p>c</p>d</b>e': 'ae',
  'a<b hidden>b': 'ab',
  'a<br hidden>b<img hidden>c<wbr hidden>d': 'a|b|cd',
  'a</b hidden>b<i hidden>c</i>d': 'abd',
  'a<!x hidden>b<i hidden>c</i>d': 'abd',
  'a<p hidden>b</p>c<p>d</p>e': 'a|c|d|e',
  'a<style hidden>b</style>c': 'ac',
  'a<b>b</b><i hidden>c</i><u>d</u>': 'ab~d',
}

const inner: Readonly<Record<string, string>> = {
  'a<b>c': 'ac',
  'a<b c="<i>d">e': 'a<b c="d">e',
  'a<b c=<i>d</i>e': 'a<b c=de',
  'a<b c=">d<i>e': 'ade',
  'a&lt;b<i>&amp;': 'a&lt;b&amp;',
  '<b>a</b><x <i>b</i>': 'a<x b',
  'a<b c<d': 'a<b c<d',
  'a<b hidden>b</b>c<b style="display:none">d</b>': 'abcd',
  'a<b c <p>d': 'a<b c |d',
}

describe('The text of a page', () => {
  it.each(Object.entries(texts))('%j', (html, text) => {
    expect(marked(htmlText(html))).toBe(text)
  })

  it.each(dividing.split(' '))('is divided by %s, in small letters and capitals', name => {
    expect(marked(htmlText(`1<${name}>2</${name}>3`))).toBe('1|2|3')
    expect(marked(htmlText(`1<${name.toUpperCase()} x>2`))).toBe('1|2')
    expect(marked(htmlText(`1<${name}x>2`))).toBe('12')
  })

  it.each(Object.entries(shown))('as most clients show it: %j', (html, text) => {
    expect(marked(shownText(html))).toBe(text)
  })

  it.each('area base br col embed hr img input link meta param source track wbr'.split(' '))(
    'goes on after a hidden %s, which has no end',
    name => {
      expect(marked(shownText(`a<${name} hidden>b`))).toMatch(/^a\|?b$/)
    },
  )

  it.each(Object.entries(inner))('when it has been decoded: %j', (html, text) => {
    expect(marked(innerText(html))).toBe(text)
  })
})
