/**
 * Which of a notice's variants a recipient gets: the wanted locale, or else it without its last parts (zh-Hant-HK, zh-Hant,
 * zh), or else the same language elsewhere (in the same script, then in the same region, if there is one), or else the
 * default. Depends on nothing but its arguments. All locales are canonical.
 */
export function chooseLocale(available: readonly string[], defaultLocale: string, wanted: string | undefined): string {
  if (wanted === undefined) return defaultLocale
  for (let range = wanted; range !== ''; range = truncate(range)) if (available.includes(range)) return range
  return sameLanguage(available, wanted) ?? defaultLocale
}

/** Removes the last part, and a single letter before it, which says nothing by itself (RFC 4647, 3.4). */
function truncate(range: string): string {
  return range.replace(/(?:-[^-])?-[^-]+$|^[^-]+$/, '')
}

function sameLanguage(available: readonly string[], wanted: string): string | undefined {
  const target = new Intl.Locale(wanted).maximize()
  const distance = (locale: string) => {
    const candidate = new Intl.Locale(locale).maximize()
    return (candidate.script === target.script ? 0 : 2) + (candidate.region === target.region ? 0 : 1)
  }
  return available
    .filter(locale => new Intl.Locale(locale).language === target.language)
    .sort((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1))[0]
}
