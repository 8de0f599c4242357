import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { withoutAddresses } from '../../functions/runtime/log.ts'

const logModule = new URL('../../functions/runtime/log.ts', import.meta.url).href

/** What really reaches stdout and stderr when a function runs these statements. */
function output(statements: string): string {
  const program = `import { createLogger } from '${logModule}'; const log = createLogger('audience'); ${statements}`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    env: {},
  })
  return stdout + stderr
}

it('a log line is one JSON object with the message, the service and the fields', () => {
  expect(JSON.parse(output("log.info('Indexed', { rows: 3 })"))).toMatchObject({
    level: 'INFO',
    message: 'Indexed',
    service: 'audience',
    rows: 3,
  })
})

it('an address in a message, a field, an error or its cause is not in the log line', () => {
  const line = output(`
    const cause = new Error('refused ada@example.com')
    log.info('to ada@example.com', { field: 'ada@example.com' })
    log.error('failed', {}, new Error('Email address is not verified: ada@example.com', { cause }))`)
  expect(line).toContain('[address]')
  expect(line).not.toContain('ada')
})

it('only what looks like an address is replaced', () => {
  expect(withoutAddresses('at send (/app/node_modules/@aws-sdk/core/index.js:1:2)')).toBe(
    'at send (/app/node_modules/@aws-sdk/core/index.js:1:2)',
  )
  expect(withoutAddresses('https://example.com/?to=a%2Bb%40example.org')).not.toContain('example.org')
  expect(withoutAddresses("<o'neil+x/y@例え.test>, ok")).toBe('<[address]>, ok')
})

it.each([
  '"ada lovelace"@example.com',
  'ada%2540example.com',
  'ada%25252540example.com',
  'ada\uff20example.com',
  'ada&#64;example.com',
  'ada&#x00040;example.com',
  'ada&commat;example.com',
  'ada\\u0040example.com',
])('%s is an address too', written => {
  expect(withoutAddresses(`SES says: <${written}> is not verified`)).toBe('SES says: <[address]> is not verified')
  expect(withoutAddresses(`/notices/${written}/status`)).not.toMatch(/ada|example/)
})

it('an excerpt in which letters and digits are masked stays as it is', () => {
  const excerpt = '<* *="*:*.*@*.*"> * *%*'
  expect(withoutAddresses(excerpt)).toBe(excerpt)
})

it('a text of delimiters alone takes no longer than its length', () => {
  const startedAtMs = performance.now()
  for (const text of ['"', '%25', '&#0', 'a', '"a"', '@']) withoutAddresses(text.repeat(100_000))
  expect(performance.now() - startedAtMs).toBeLessThan(5_000)
})
