import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectedRecipients } from '../../local/demo/expected-recipients.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onlyto-expected-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(...rows: string[]) {
  const file = join(folder, 'customers.csv')
  await writeFile(file, `\uFEFF${['email,first_name,locale', ...rows].join('\r\n')}\r\n`)
  return expectedRecipients(file, ['en', 'es', 'ja'], 'en')
}

test('each person counts once, however the address is written, and the first row counts', async () => {
  const recipients = await read(
    'Ana@Shop.example,Ana,es',
    ' ana@shop.EXAMPLE ,Anna,en',
    'chie@例え.example,千恵,ja',
    'chie@xn--r8jz45g.example,X,en',
  )
  expect([...recipients]).toEqual([
    ['ana@shop.example', { line: 2, locale: 'es', variables: { first_name: 'Ana' } }],
    ['chie@xn--r8jz45g.example', { line: 4, locale: 'ja', variables: { first_name: '千恵' } }],
  ])
})

test('people read their own language whatever their country, and else the default', async () => {
  const recipients = await read('a@x.example,A,es-MX', 'b@x.example,B,ja_JP', 'c@x.example,C,fr', 'd@x.example,D,')
  expect([...recipients.values()].map(({ locale }) => locale)).toEqual(['es', 'ja', 'en', 'en'])
})

test('rows that are not right do not count, and do not stop the others', async () => {
  const bad = [
    'no-at.example,A,en',
    '@x.example,A,en',
    'a@,A,en',
    'a b@x.example,A,en',
    'a@x,A,en',
    'a..b@x.example,A,en',
  ]
  const worse = [
    'a@b@x.example,A,en',
    'ä@x.example,A,en',
    'a@x.example,A',
    'a@x.example,A,en,more',
    'a@x.example,A,english!',
    ',A,en',
    'a@x.example,A,xx',
    'a@x.example,\u0007A,en',
  ]
  const recipients = await read(...bad, ...worse, '"o""k@x.example",A,en', 'good@x.example,"Good, ""One""",en')
  expect([...recipients]).toEqual([
    ['good@x.example', { line: 17, locale: 'en', variables: { first_name: 'Good, "One"' } }],
  ])
})
