import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readNoticeDirectory } from '../../cli/notice-directory.ts'

const [header = '', ...rows] = readFileSync('examples/simulator.csv', 'utf8').trim().split('\n')

it('the first notice after a deployment is one', async () => {
  const read = await readNoticeDirectory('examples/first-notice')
  expect(read).toMatchObject({ kind: 'notice', notice: { content: { defaultLocale: 'en' } } })
  expect(header.split(',')).toEqual(['email', 'locale', 'first_name'])
  expect(readFileSync('examples/first-notice/en.md', 'utf8').match(/\{\{(\w+)\}\}/g)).toEqual([
    '{{first_name}}',
    '{{first_name}}',
  ])
})

it("goes to SES's mailbox simulator and nobody else, once each", () => {
  const addresses = rows.map(row => row.split(',')[0])
  expect(new Set(addresses).size).toBe(10)
  for (const address of addresses) expect(address).toMatch(/^[a-z]+\+\d+@simulator\.amazonses\.com$/)
})
