const languageNames = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

/** The canonical form of a language tag, or undefined when it is malformed or its language is not known. */
export function canonicalLocale(tag: string): string | undefined {
  try {
    const canonical = Intl.getCanonicalLocales(tag)[0]
    if (canonical === undefined) return undefined
    return languageNames.of(new Intl.Locale(canonical).language) === undefined ? undefined : canonical
  } catch {
    return undefined
  }
}
