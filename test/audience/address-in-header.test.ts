import { expect, it } from 'vitest'
import { problemOf } from './index-file.ts'

const addresses = [
  'ada_lovelace@example.com',
  'ada_lovelace%40example.com',
  'ada_lovelace＠example.com',
  '"ada_lovelace"@example.com',
]

it.each(
  addresses.flatMap(address => [
    `email,locale,${cell(address)}\nbob@example.com,en,x\n`,
    `email,${cell(address)},${cell(address)}\nbob@example.com,x,y\n`,
    `mail,locale,${cell(address)}\nbob@example.com,en,x\n`,
    `${cell(address)},en,Ada\nbob@example.com,en,Bob\n`,
  ]),
)('a header with an address in it is refused without a word of the address: %j', async file => {
  const { message } = await problemOf(file)
  expect(message).not.toMatch(/ada|lovelace|example.com/)
})

function cell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
