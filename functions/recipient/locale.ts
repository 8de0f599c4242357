export const localeFaults = {
  'locale-malformed': 'The locale is not a language tag such as en, pt-BR or zh-Hant.',
  'locale-unknown': 'The locale names a language that does not exist.',
} as const
export type LocaleFault = keyof typeof localeFaults

export type ParsedLocale = { kind: 'valid'; locale: string } | { kind: 'invalid'; reason: LocaleFault }

const parsed = new Map<string, ParsedLocale>()
/** An audience has few locales; the bound is for a column that holds something else. */
const CACHED_LOCALES = 1000

const languageNames = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })

/**
 * The canonical form of a BCP 47 tag (`zh-hant-tw` becomes `zh-Hant-TW`), without extensions such as calendars. The
 * underscore of POSIX locales (`pt_BR`) is taken as a hyphen.
 */
export function parseLocale(text: string): ParsedLocale {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const locale = canonicalise(text.trim().replaceAll('_', '-'))
  if (parsed.size < CACHED_LOCALES) parsed.set(text, locale)
  return locale
}

function canonicalise(tag: string): ParsedLocale {
  const locale = toLocale(tag)
  if (locale === undefined) return { kind: 'invalid', reason: 'locale-malformed' }
  // Not `locale.language`, which V8 leaves undefined for `und`.
  const known = languageNames.of(locale.baseName.replace(/-.*/, '')) !== undefined
  return known ? { kind: 'valid', locale: locale.baseName } : { kind: 'invalid', reason: 'locale-unknown' }
}

function toLocale(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag)
  } catch {
    return undefined
  }
}
