import fc from 'fast-check'
import Handlebars from 'handlebars'
import { describe, expect, test } from 'vitest'
import { writeBodies } from '../../cli/message-bodies.ts'

/** Expressions that Markdown or an HTML serialiser would damage: emphasis characters, quotes, ampersands, brackets, bars. */
const wildExpression = fc.oneof(
  fc.constantFrom(
    '{{first_name}}',
    '{{ _a_ }}',
    '{{[my "column" *x*]}}',
    "{{'a & b'}}",
    '{{"close }} brace"}}',
    '{{{raw_html}}}',
    '{{~tight~}}',
    '{{! a *comment* }}',
    '{{!-- }} still a comment --}}',
    '{{lookup this "a_b<c>"}}',
    '\\{{literal}}',
  ),
  fc.stringMatching(/^[a-z_*&<>[\]| ]{1,12}$/).map(inner => `{{x${inner}}}`),
)

const around = (expression: string) =>
  fc.constantFrom(
    `Dear ${expression}, hello`,
    `**${expression}** and _${expression}_`,
    `- item ${expression}\n- other`,
    `# Title ${expression}`,
    `[text](https://shop.example/a?x=1&id=${expression})`,
    `[${expression}](https://shop.example/)`,
    `![${expression}](https://shop.example/i.png)`,
    `a_${expression}_b${expression}1`,
    `| a | b |\n|---|---|\n| ${expression} | 2 |`,
    `> ${expression}`,
    `\`${expression}\``,
    `<https://shop.example/${expression}>`,
    `1. ${expression}`,
    `${expression}  \nnext line`,
  )

const block = wildExpression.chain(expression => fc.tuple(fc.constant(expression), around(expression)))

const plainMarkdown = fc
  .array(
    fc
      .tuple(fc.constantFrom('name', 'account', 'city_1'), fc.boolean())
      .chain(([name, spaced]) => around(spaced ? `{{ ${name} }}` : `{{${name}}}`)),
    { minLength: 1, maxLength: 5 },
  )
  .map(blocks => blocks.join('\n\n'))

const render = (template: string, values: Record<string, string>) =>
  Handlebars.compile(template, { noEscape: true })(values)

describe('Handlebars expressions survive Markdown', () => {
  test('every expression comes out of both bodies exactly as it went in', () => {
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 6 }), blocks => {
        const { html, text } = writeBodies('en', 'subject', blocks.map(([, source]) => source).join('\n\n'))
        for (const [expression] of blocks) {
          expect(html).toContain(expression)
          expect(text).toContain(expression)
        }
        expect(`${html}${text}`).not.toMatch(/Handlebarsx*\d+z|Blocktagx*\d+z/)
      }),
      { numRuns: 500 },
    )
  })

  test('filling in the template of a body gives the body of the filled-in Markdown', () => {
    const values = fc.record({
      name: fc.stringMatching(/^[A-Za-z0-9]{1,10}$/),
      account: fc.stringMatching(/^[A-Z]{2}[0-9]{1,8}$/),
      city_1: fc.stringMatching(/^[A-Za-z]{1,30}$/),
    })
    fc.assert(
      fc.property(plainMarkdown, values, (markdown, filling) => {
        const template = writeBodies('en', 'Hello', markdown)
        const filled = writeBodies('en', 'Hello', render(markdown, filling))
        expect(render(template.html, filling)).toBe(filled.html)
        expect(squeeze(render(template.text, filling))).toBe(squeeze(filled.text))
      }),
      { numRuns: 500 },
    )
  })

  test('a text that contains the words of the placeholders is left alone', () => {
    const { text } = writeBodies('en', 'subject', 'Handlebars0z Handlebarsx1z Blocktag0z {{name}}')
    expect(text).toBe('Handlebars0z Handlebarsx1z Blocktag0z {{name}}\n')
  })
})

/** Columns of a text table are as wide as the expression in the one and as the value in the other. */
const squeeze = (text: string) => text.replace(/ {2,}/g, ' ')

describe('block tags', () => {
  const body = 'Before.\n\n{{#if vip}}\nYou have *priority*.\n{{else}}\nYou are in the queue.\n{{/if}}\n\nAfter.'

  test('on lines of their own leave no trace in the message', () => {
    const { text, html } = writeBodies('en', 'subject', body)
    expect(render(text, { vip: 'yes' })).toBe('Before.\n\nYou have priority.\n\nAfter.\n')
    expect(render(text, {})).toBe('Before.\n\nYou are in the queue.\n\nAfter.\n')
    expect(render(html, {})).toContain('<p>Before.</p>\n<p>You are in the queue.</p>\n<p>After.</p>')
  })

  test('inside a sentence stay inside it', () => {
    const { text } = writeBodies('en', 'subject', 'Hello{{#if name}} {{name}}{{/if}}, welcome.')
    expect(render(text, { name: 'Ana' })).toBe('Hello Ana, welcome.\n')
    expect(render(text, {})).toBe('Hello, welcome.\n')
  })
})

describe('the HTML body', () => {
  test('says its language and its direction', () => {
    expect(writeBodies('ja', 's', 'b').html).toContain('<html lang="ja" dir="ltr">')
    expect(writeBodies('ar', 's', 'b').html).toContain('<html lang="ar" dir="rtl">')
  })

  test('escapes the subject in its title, but not the expressions', () => {
    const { html, subject } = writeBodies('en', 'Fees < 1 % & {{"a & b"}}', 'b')
    expect(html).toContain('<title>Fees &lt; 1 % &amp; {{"a & b"}}</title>')
    expect(subject).toBe('Fees < 1 % & {{"a & b"}}')
  })
})
