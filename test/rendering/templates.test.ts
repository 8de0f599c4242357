import { describe, expect, test } from 'vitest'
import type { Content } from '../../functions/notice/content.ts'
import { canonicalContent, checkContent, variablesOf } from '../../functions/rendering/templates.ts'

const fine = { subject: 'Hello', text: 'Hello', html: '<p>Hello</p>' }
const only = (variant: Partial<typeof fine>): Content => ({
  defaultLocale: 'en',
  variants: { en: { ...fine, ...variant } },
})
const problemsOf = (variant: Partial<typeof fine>) => checkContent(only(variant))

describe('variables of a variant', () => {
  test.each([
    ['{{name}} {{ city }}', ['city', 'name']],
    ['{{name}} {{name}}', ['name']],
    ['{{this.name}} {{./city}} {{@root.country}}', ['city', 'country', 'name']],
    ['{{[first name]}} {{"second name"}} {{2}}', ['2', 'first name', 'second name']],
    ['{{#if vip}}{{tier}}{{else if trial}}{{days}}{{else}}{{plan}}{{/if}}', ['days', 'plan', 'tier', 'trial', 'vip']],
    ['{{#unless closed includeZero=zero}}x{{/unless}}', ['closed', 'zero']],
    ['{{#with name}}{{this}}{{../city}}{{else}}{{country}}{{/with}}', ['city', 'country', 'name']],
    ['{{#with name as |n|}}{{n}}{{#if n}}{{../city}}{{/if}}{{/with}}', ['city', 'name']],
    ['{{!-- {{ghost}} --}} \\{{ghost}} text', []],
  ])('%s names %j', (template, expected) => {
    expect(variablesOf({ ...fine, text: template })).toEqual(expected)
    expect(problemsOf({ text: template })).toEqual([])
  })

  test('come from the subject and both bodies', () => {
    expect(variablesOf({ subject: '{{a}}', text: '{{b}}', html: '{{c}}' })).toEqual(['a', 'b', 'c'])
  })
})

describe('a template is refused', () => {
  test.each([
    ['an unclosed name', 'one\ntwo {{name', 2, 'near "two {{name"'],
    ['an unclosed block', '{{#if a}}\nx', undefined, 'not a valid Handlebars template'],
    ['a block closed by another', 'one\n{{#if a}}{{/each}}', 2, "if doesn't match each"],
    ['a partial', 'x\n{{> footer}}', 2, 'Partials'],
    ['a partial block', '{{#> layout}}x{{/layout}}', 1, 'Partials'],
    ['an inline partial', '{{#*inline "x"}}y{{/inline}}', 1, 'Decorators'],
    ['a decorator', '{{* x}}', 1, 'Decorators'],
    ['a helper', '{{upper name}}', 1, 'no helper {{upper …}}'],
    ['the built-in log', '{{log name}}', 1, 'no helper {{log …}}'],
    ['the built-in lookup', '{{lookup this "name"}}', 1, 'no helper {{lookup …}}'],
    ['a helper with named values', '{{money amount=price}}', 1, 'no helper {{money …}}'],
    ['a block helper of one’s own', '\n\n{{#section}}x{{/section}}', 3, 'no block helper {{#section}}'],
    ['an inverse block', '{{^name}}x{{/name}}', 1, 'no block helper {{#name}}'],
    ['a helper in parentheses', '{{#if (eq a b)}}x{{/if}}', 1, 'parentheses'],
    ['a block helper without its value', '{{#if}}x{{/if}}', 1, 'exactly one value'],
    ['a block helper without its #', '{{if name}}', 1, '{{if …}}'],
    ['a block helper’s bare name', '{{if}}', 1, '{{this.if}}'],
    ['too many block parameters', '{{#with a as |b c|}}x{{/with}}', 1, '1 block parameters'],
    ['a look inside a variable', '{{customer.name}}', 1, '{{[customer.name]}}'],
    ['a look inside a variable from the root', '{{@root.customer.name}}', 1, '{{[customer.name]}}'],
    ['all variables at once', '{{this}}', 1, 'Name one of them'],
    ['a way out of the template', '{{#if a}}{{../b}}{{/if}}', 1, 'leads out'],
    ['a variable inside with', '{{#with a}}{{b}}{{/with}}', 1, '{{@root.b}}'],
    ['a list, as no variable is one', '{{#each items}}x{{/each}}', 1, 'no block helper {{#each}}'],
    ['a position in a list', '{{@index}}', 1, 'There is no {{@index}}'],
    ['the prototype', '{{constructor.constructor}}', 1, 'looks inside'],
  ])('for %s', (_what, text, line, message) => {
    const [problem, ...others] = problemsOf({ text })
    expect(others).toEqual([])
    expect(problem?.pointer).toBe('/variants/en/text')
    expect(problem?.message.toLowerCase()).toContain(message.toLowerCase())
    if (line !== undefined) expect(problem?.line).toBe(line)
  })

  test.each(['{{{name}}}', '{{&name}}'])('for unescaped customer data in the HTML: %s', html => {
    expect(problemsOf({ html: `<p>\n${html}</p>` })).toEqual([
      {
        pointer: '/variants/en/html',
        message: 'This would put customer data into the HTML unescaped. Use two braces: {{name}}.',
        line: 2,
      },
    ])
    expect(problemsOf({ text: html })).toEqual([])
  })

  test.each(['a\nb', 'a\r\nb', 'a\rb'])('for a line break in the subject %j', subject => {
    expect(problemsOf({ subject })).toMatchObject([{ pointer: '/variants/en/subject' }])
  })
})

describe('locales', () => {
  const content = (defaultLocale: string, ...locales: string[]): Content => ({
    defaultLocale,
    variants: Object.fromEntries(locales.map(locale => [locale, fine])),
  })

  test('the default locale must have a variant', () => {
    expect(checkContent(content('en', 'es', 'fr'))).toMatchObject([
      { pointer: '/defaultLocale', message: expect.stringContaining('variants: es, fr') },
    ])
    expect(checkContent(content('en'))).toMatchObject([{ pointer: '/defaultLocale' }])
  })

  test.each(['english', 'en US', 'e', '', 'xx', 'zz-ZZ', 'a/b~c'])('%j is refused where it stands', locale => {
    const escaped = locale.replaceAll('~', '~0').replaceAll('/', '~1')
    expect(checkContent(content('en', 'en', locale))).toMatchObject([{ pointer: `/variants/${escaped}` }])
    expect(checkContent(content(locale, 'en'))).toMatchObject([{ pointer: '/defaultLocale' }])
  })

  test('two spellings of one locale are refused', () => {
    expect(checkContent(content('pt-BR', 'pt-br', 'pt-BR'))).toMatchObject([{ pointer: '/variants/pt-BR' }])
  })

  test('are stored in their canonical form', () => {
    expect(checkContent(content('EN', 'en', 'zh-hant-hk'))).toEqual([])
    expect(canonicalContent(content('EN', 'en', 'zh-hant-hk'))).toEqual(content('en', 'en', 'zh-Hant-HK'))
  })
})

test('every fault of a content is reported at once', () => {
  const broken = { subject: 'a\nb', text: '{{> x}}', html: '{{{y}}} {{#z}}{{/z}}' }
  const problems = checkContent({ defaultLocale: 'fr', variants: { en: broken, es: broken } })
  expect(problems).toHaveLength(9)
})
