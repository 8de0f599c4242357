import * as z from 'zod'
import type { Content } from '../notice/content.ts'
import { type Audience, audienceSchema } from '../recipient/audience.ts'
import { chooseLocale } from '../rendering/choose-locale.ts'
import { audienceExample } from './examples.ts'

const variantUse = z.object({
  locale: z.string().meta({ description: 'As the rows give it; empty where a row has none.' }),
  recipients: z.number().int(),
  variant: z.string().meta({ description: 'The locale of the variant that these recipients get.' }),
})
export type VariantUse = z.infer<typeof variantUse>

const refusedRowsUrl = z.url().optional().meta({
  description: 'A link, for a few minutes, to the refused rows with their lines and reasons. Absent without any.',
})

const [awaitingUpload, indexing, refused, ready] = audienceSchema.options
/** What became of an uploaded audience. Holds no address. */
export const audienceViewSchema = z
  .discriminatedUnion('state', [
    awaitingUpload,
    indexing,
    refused.extend({ refusedRowsUrl }),
    ready.extend({
      variants: z.array(variantUse).meta({ description: 'Which variant the recipients of each locale get.' }),
      refusedRowsUrl,
    }),
  ])
  .meta({ id: 'Audience', examples: [audienceExample] })
export type AudienceView = z.infer<typeof audienceViewSchema>

export function viewAudience(audience: Audience, content: Content, refusedRowsUrl: string | undefined): AudienceView {
  const link = refusedRowsUrl === undefined ? {} : { refusedRowsUrl }
  if (audience.state === 'refused') return { ...audience, ...link }
  if (audience.state !== 'ready') return audience
  return { ...audience, variants: variantUses(content, audience.locales), ...link }
}

/** Most recipients first. `locales` counts recipients by locale, '' those without one. */
export function variantUses(content: Content, locales: Readonly<Record<string, number>>): VariantUse[] {
  const available = Object.keys(content.variants)
  return Object.entries(locales)
    .map(([locale, recipients]) => {
      const variant = chooseLocale(available, content.defaultLocale, locale === '' ? undefined : locale)
      return { locale, recipients, variant }
    })
    .sort((a, b) => b.recipients - a.recipients || (a.locale < b.locale ? -1 : 1))
}
