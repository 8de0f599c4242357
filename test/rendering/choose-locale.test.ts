import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseLocale } from '../../functions/rendering/choose-locale.ts'

test.each([
  ['en', ['en', 'es'], 'en'],
  ['zh-Hant-HK', ['en', 'zh-Hant-HK', 'zh-Hant', 'zh'], 'zh-Hant-HK'],
  ['zh-Hant-HK', ['en', 'zh-Hant', 'zh'], 'zh-Hant'],
  ['zh-Hant-HK', ['en', 'zh'], 'zh'],
  ['en-a-bbb', ['fr', 'en-a', 'en'], 'en'],
  ['zh-TW', ['en', 'zh-Hans', 'zh-Hant'], 'zh-Hant'],
  ['zh-SG', ['en', 'zh-Hant', 'zh-Hans'], 'zh-Hans'],
  ['zh-MO', ['en', 'zh-Hans', 'zh-Hant'], 'zh-Hant'],
  ['pt', ['en', 'pt-AO', 'pt-BR'], 'pt-BR'],
  ['es-AR', ['en', 'es-MX', 'es-ES'], 'es-ES'],
  ['sr-Latn', ['en', 'sr-Cyrl'], 'sr-Cyrl'],
  ['ja', ['en', 'es'], 'en'],
  [undefined, ['en', 'es'], 'en'],
])('%s of %j gets %s', (wanted, available, expected) => {
  expect(chooseLocale(available, 'en', wanted)).toBe(expected)
})

const locale = fc.constantFrom('en', 'en-US', 'en-GB', 'es', 'es-MX', 'zh', 'zh-Hans', 'zh-Hant', 'zh-Hant-HK', 'pt-BR')

test('the choice is available, the wanted one if that is, and the same in whatever order they stand', () => {
  fc.assert(
    fc.property(fc.uniqueArray(locale, { minLength: 1 }), locale, (available, wanted) => {
      const chosen = chooseLocale(available, available[0] ?? 'en', wanted)
      expect(available).toContain(chosen)
      if (available.includes(wanted)) expect(chosen).toBe(wanted)
      expect(chooseLocale(available.toReversed(), available[0] ?? 'en', wanted)).toBe(chosen)
    }),
  )
})
