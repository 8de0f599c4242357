/// <reference lib="esnext.intl" />
import { compile } from 'html-to-text'
import { Marked } from 'marked'
import type { Variant } from '../functions/notice/content.ts'
import { closeUpBlockTags, protectExpressions, unwrapBlockTags } from './handlebars-placeholders.ts'

const markdown = new Marked({ gfm: true })

const toText = compile({
  wordwrap: false,
  selectors: [
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map(selector => ({ selector, options: { uppercase: false } })),
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'] } },
    { selector: 'ul', options: { itemPrefix: ' - ' } },
    { selector: 'hr', options: { length: 40 } },
    { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
  ],
})

/** Makes the HTML and the text part of a message from Markdown. Handlebars expressions come out as they went in. */
export function writeBodies(locale: string, subject: string, source: string): Variant {
  const { source: words, blockTag, restore } = protectExpressions(source)
  const html = markdown.parse(words, { async: false })
  const text = closeUpBlockTags(toText(html), blockTag)
  return {
    subject,
    text: `${restore(text)}\n`,
    html: restore(writeDocument(locale, subject, unwrapBlockTags(html, blockTag))),
  }
}

/** A document that mail clients show alike: one column, styles inline, nothing loaded from elsewhere. */
function writeDocument(locale: string, subject: string, body: string): string {
  const { direction } = new Intl.Locale(locale).getTextInfo()
  return `<!doctype html>
<html lang="${locale}" dir="${direction ?? 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeOutsideExpressions(subject)}</title>
</head>
<body style="margin:0;padding:0;background:#ffffff">
<div style="max-width:600px;margin:0 auto;padding:24px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5;color:#1a1a1a">
${body.trim()}
</div>
</body>
</html>
`
}

function escapeOutsideExpressions(template: string): string {
  const { source, restore } = protectExpressions(template)
  return restore(source.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
}
