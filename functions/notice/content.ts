import { createHash } from 'node:crypto'
import * as z from 'zod'

/** What is said in one locale. All three are Handlebars templates over the recipient's variables. */
export const variantSchema = z.strictObject({
  subject: z.string().min(1).max(500),
  text: z.string().min(1),
  html: z.string().min(1),
})
export type Variant = z.infer<typeof variantSchema>

/** A notice's variants by locale (canonical BCP 47, such as `en` or `zh-Hant`). */
export const contentSchema = z.strictObject({
  defaultLocale: z.string(),
  variants: z.record(z.string(), variantSchema),
})
export type Content = z.infer<typeof contentSchema>

/** The bytes that are stored and that an approval binds: the same content always gives the same bytes. */
export function encodeContent(content: Content): string {
  const locales = Object.keys(content.variants).sort()
  const variants = locales.map(locale => {
    const variant = content.variants[locale]
    return [locale, variant?.subject, variant?.text, variant?.html]
  })
  return JSON.stringify({ defaultLocale: content.defaultLocale, variants })
}

const encodedContentSchema = z.strictObject({
  defaultLocale: z.string(),
  variants: z.array(z.tuple([z.string(), z.string(), z.string(), z.string()])),
})

export function decodeContent(bytes: string): Content {
  const { defaultLocale, variants } = encodedContentSchema.parse(JSON.parse(bytes))
  return {
    defaultLocale,
    variants: Object.fromEntries(variants.map(([locale, subject, text, html]) => [locale, { subject, text, html }])),
  }
}

/** SHA-256 of the encoded content, hex. */
export function digestContent(encoded: string): string {
  return createHash('sha256').update(encoded).digest('hex')
}
