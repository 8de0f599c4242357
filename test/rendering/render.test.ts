import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Content, Variant } from '../../functions/notice/content.ts'
import { compileContent, renderMessage } from '../../functions/rendering/render.ts'

const content = (variant: Partial<Variant>): Content => ({
  defaultLocale: 'en',
  variants: { en: { subject: 'Hello', text: 'Hello', html: 'Hello', ...variant } },
})
const render = (variant: Partial<Variant>, variables: Record<string, string>) =>
  renderMessage(compileContent(content(variant)), { variables })

test('a message is rendered from its recipient’s variables, in its own locale, and says so', () => {
  const compiled = compileContent({
    defaultLocale: 'en',
    variants: {
      en: { subject: 'Hello {{name}}', text: 'Dear {{name}}', html: '<p>Dear {{name}}</p>' },
      es: { subject: 'Hola {{name}}', text: 'Estimada {{name}}', html: '<p>Estimada {{name}}</p>' },
    },
  })
  const madeFrom = { locale: 'es-MX', variables: { name: 'Inés & Ana' } }
  expect(renderMessage(compiled, madeFrom)).toEqual({
    kind: 'rendered',
    locale: 'es',
    subject: 'Hola Inés & Ana',
    text: 'Estimada Inés & Ana',
    html: '<p>Estimada Inés &amp; Ana</p>',
    madeFrom,
  })
  expect(renderMessage(compiled, { locale: 'ja', variables: { name: 'Sato' } })).toMatchObject({ locale: 'en' })
})

test('a value never becomes markup or template in the HTML, and stays as it is in subject and text', () => {
  const compiled = compileContent(content({ subject: '{{v}}', text: '{{v}}', html: '{{v}}' }))
  const value = fc.string({ unit: 'grapheme' }).map(text => `{{v}}<&>"'\`=${text}`)
  fc.assert(
    fc.property(value, v => {
      const rendering = renderMessage(compiled, { variables: { v } })
      if (/[\r\n]/.test(v)) return expect(rendering.kind).toBe('failed')
      expect(rendering).toMatchObject({ subject: v, text: v })
      expect('html' in rendering && rendering.html).not.toMatch(/[<>"'`]|&(?!(amp|lt|gt|quot|#x27|#x60|#x3D);)/)
    }),
  )
})

test('a conditional on an empty value takes the other way', () => {
  const text = '{{#if promo}}{{promo}}{{else}}none{{/if}}'
  expect(render({ text }, { promo: '' })).toMatchObject({ text: 'none' })
  expect(render({ text }, { promo: 'P1' })).toMatchObject({ text: 'P1' })
})

test('with, block parameters and @root reach what they say', () => {
  const text = '{{#with name as |n|}}{{n}} {{this}} {{../city}} {{@root.city}}{{/with}}'
  expect(render({ text }, { name: 'Ana', city: 'Lima' })).toMatchObject({ text: 'Ana Ana Lima Lima' })
})

test('a variable may have the name of a helper that is not available', () => {
  const text = '{{log}} {{lookup}} {{this.if}} {{helperMissing}}'
  const variables = { log: 'a', lookup: 'b', if: 'c', helperMissing: 'd' }
  expect(render({ text }, variables)).toMatchObject({ text: 'a b c d' })
})

describe('a message fails', () => {
  test.each(['subject', 'text', 'html'] as const)('when a variable of the %s is missing, which is named', field => {
    expect(render({ [field]: '{{given}} {{absent}}' }, { given: 'secret' })).toEqual({
      kind: 'failed',
      reason: `The ${field} in "en" names "absent", which the recipient does not have.`,
    })
  })

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'])(
    'when the variable is only an object’s own business: %s',
    name => {
      expect(render({ text: `{{${name}}}` }, {})).toMatchObject({ kind: 'failed' })
      expect(render({ text: `{{#if ${name}}}x{{/if}}` }, {})).toMatchObject({ kind: 'failed' })
    },
  )

  test('when a conditional names a variable that is missing', () => {
    expect(render({ text: '{{#if absent}}x{{/if}}' }, {})).toMatchObject({ kind: 'failed' })
  })

  test.each(['\r', '\n', '\r\n'])('when a value would break the subject’s line with %j', lineBreak => {
    const rendering = render({ subject: 'Hi {{name}} {{city}}' }, { name: `A${lineBreak}Bcc: x`, city: 'Lima' })
    expect(rendering).toEqual({
      kind: 'failed',
      reason: 'The subject in "en" would have a line break, from "name".',
    })
  })

  test('without a value in the reason, whatever the template does', () => {
    const rendering = render({ text: '{{#with name}}{{other}}{{/with}}' }, { name: 'top-secret', other: 'x' })
    expect(rendering.kind).toBe('failed')
    expect(JSON.stringify(rendering)).not.toContain('top-secret')
  })
})

test('templates that cannot be reached are never compiled', () => {
  const compiled = compileContent({
    defaultLocale: 'en',
    variants: { en: { subject: 's', text: 't', html: 'h' }, es: { subject: '{{#', text: 't', html: 'h' } },
  })
  expect(renderMessage(compiled, { variables: {} })).toMatchObject({ kind: 'rendered' })
})
