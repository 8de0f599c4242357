/**
 * Handlebars expressions on their way through Markdown and HTML. Each is replaced by a word of letters and digits, which
 * neither Markdown, nor a URL, nor an HTML serialiser has a reason to touch, and put back afterwards as it was written.
 */
export interface ProtectedSource {
  readonly source: string
  /** Puts the expressions back. A word that now occurs twice (such as a bare link) gives its expression twice. */
  restore(converted: string): string
  /** Matches one placeholder of a block tag such as `{{#if vip}}`, `{{else}}` or `{{/if}}`. */
  readonly blockTag: RegExp
}

/**
 * What an expression may look like: a comment, three braces, two braces. Strings inside it may hold braces. A backslash
 * before it makes it literal text, and belongs to it.
 */
const expression = new RegExp(
  String.raw`\\*(?:${[
    String.raw`\{\{~?!--[\s\S]*?--~?\}\}`,
    String.raw`\{\{~?![\s\S]*?\}\}`,
    String.raw`\{\{\{(?:"[^"]*"|'[^']*'|[^"'}]|\}(?!\}\}))*\}\}\}`,
    String.raw`\{\{(?!\{)(?:"[^"]*"|'[^']*'|[^"'}]|\}(?!\}))*\}\}`,
  ].join('|')})`,
  'g',
)

const blockExpression = /^\{\{~?(?:[#/^]|else\b)/
/** A line that holds nothing but block tags: it becomes a paragraph of its own, which `unwrapBlockTags` then opens. */
const ownLine = (tag: RegExp) => new RegExp(`^[ \\t]*(${tag.source}(?:[ \\t]*${tag.source})*)[ \\t]*$`, 'gm')

export function protectExpressions(template: string): ProtectedSource {
  const inline = unusedWord(template, 'Handlebars')
  const block = unusedWord(`${template} ${inline}`, 'Blocktag')
  const expressions: string[] = []
  const source = template.replace(expression, found => {
    const word = blockExpression.test(found) ? block : inline
    return `${word}${expressions.push(found) - 1}z`
  })
  const blockTag = new RegExp(`${block}\\d+z`)
  const placeholder = new RegExp(`(?:${inline}|${block})(\\d+)z`, 'g')
  return {
    source: source.replace(ownLine(blockTag), '\n$1\n'),
    restore: converted => converted.replace(placeholder, (_, index: string) => expressions[Number(index)] ?? ''),
    blockTag,
  }
}

/**
 * Takes block tags out of the paragraph that Markdown made for them, each on a line of its own. Handlebars drops such a
 * line whole, so that the message shows no trace of it.
 */
export function unwrapBlockTags(html: string, blockTag: RegExp): string {
  const tags = `((?:[ \\t]*${blockTag.source})+)`
  return html.replace(new RegExp(`<p>${tags}</p>`, 'g'), '$1')
}

/** The same for text, where an empty line separates paragraphs: the one after the tag goes with it. */
export function closeUpBlockTags(text: string, blockTag: RegExp): string {
  const tags = `((?:[ \\t]*${blockTag.source})+)`
  return text.replace(new RegExp(`^${tags}\\n\\n`, 'gm'), '$1\n')
}

function unusedWord(text: string, word: string): string {
  return text.includes(word) ? unusedWord(text, `${word}x`) : word
}
