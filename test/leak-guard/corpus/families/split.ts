import { aroundAt, joinedBy } from '../encodings.ts'
import type { Family } from '../family.ts'
import { withHtml } from '../honest.ts'

const at = (separator: string) => (address: string) => withHtml(`<p>Account: ${aroundAt(separator)(address)}</p>`)
const change = (make: (local: string, domain: string) => string) => (address: string) => {
  const [local = '', domain = ''] = address.split('@')
  return withHtml(`<p>Account: ${make(local, domain)}</p>`)
}

export const split: Family = {
  name: 'Tags within the address',
  happens: 'An editor marks the domain bold, or lets a long address break; a spell checker wraps every word.',
  own: 'passes',
  messages: {
    'a word break': at('<wbr>'),
    'a word break for XHTML': at('<wbr />'),
    bold: at('<b></b>'),
    'an empty span': at('<span></span>'),
    'a span with a class': at('<span class="x"></span>'),
    'a font, as Outlook writes it': at('<font face="Arial" size="2"></font>'),
    'an anchor': at('<a id="x"></a>'),
    'a tag of Office': at('<o:p></o:p>'),
    'a smart tag': at('<st1:place w:st="on"></st1:place>'),
    'an element that nobody knows': at('<nobr></nobr><gmail-x></gmail-x>'),
    'a comment': at('<!-- no spam -->'),
    'an empty comment': at('<!---->'),
    'a comment with a tag in it': at('<!-- <b> -->'),
    'a comment with a sign in it': at('<!-- > -- @ -->'),
    'a comment that ends early': at('<!-->'),
    'a comment that ends oddly': at('<!-- x --!>'),
    'a processing instruction': at('<?xml version="1.0"?>'),
    'a CDATA section': at('<![CDATA[x]]>'),
    'a condition for Outlook': at('<![if !mso]><![endif]>'),
    'a space that only Outlook shows': at('<!--[if mso]> <![endif]-->'),
    'two signs, one for Outlook and one for all others': change(
      (local, domain) => `${local}<!--[if mso]>@<![endif]--><!--[if !mso]><!-->@<!--<![endif]-->${domain}`,
    ),
    'a space that is not displayed': at('<span style="display:none"> </span>'),
    'a comma that is not displayed': at('<span hidden>, </span>'),
    'a declaration': at('<!x>'),
    'an end without a beginning': at('</font>'),
    'a tag with a line break in it': at('<span\n  class="x"\n></span\n>'),
    'a tag with > in an attribute': at('<span title="a>b"></span>'),
    'a tag with > in single quotes': at("<span title='a>b'></span>"),
    'a tag in capitals': at('<SPAN></SPAN>'),
    'a script': at('<script>x</script>'),
    'a style': at('<style>b{color:red}</style>'),
    'emphasis on the domain': change((local, domain) => `${local}@<b>${domain}</b>`),
    'emphasis on the sign': change((local, domain) => `${local}<sup>@</sup>${domain}`),
    'emphasis on the name': change((local, domain) => `<em>${local}</em>@${domain}`),
    'emphasis on each part': change((local, domain) => `<i>${local}</i><b>@</b><u>${domain}</u>`),
    'a link on the domain, as made by a phone': change(
      (local, domain) => `${local}@<a href="http://${domain}">${domain}</a>`,
    ),
    'a word break at each dot': change((local, domain) => `${local}@${domain}`.replaceAll('.', '.<wbr>')),
    'a span for each letter': change((local, domain) =>
      Array.from(`${local}@${domain}`, char => `<span>${char}</span>`).join(''),
    ),
    'a comment between all letters': change((local, domain) => joinedBy('<!-- -->')(`${local}@${domain}`)),
    'spans in spans': change((local, domain) => `<span><span>${local}</span></span>@<span><b>${domain}</b></span>`),
    'the sign as an entity in a span': change((local, domain) => `${local}<span>&#64;</span>${domain}`),
    'a word break and a soft hyphen': at('<wbr>&shy;'),
    'an invisible character in a span': at('<span>&#8203;</span>'),
    'a highlight by a spell checker': change(
      (local, domain) => `<span class="sp">${local}</span>@<span class="sp">${domain}</span>`,
    ),
  },
}
