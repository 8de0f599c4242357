import { expect, test } from 'vitest'
import { readDemoOptions } from '../../local/demo/demo-options.ts'

test('without options the example goes out at 200 a second and 80 ms', () => {
  expect(readDemoOptions([])).toEqual({ recipients: undefined, rate: 200, latency: 80, json: false })
})

test('numbers are read as numbers', () => {
  const options = readDemoOptions(['--recipients', '10000', '--rate', '500', '--latency', '0', '--json'])
  expect(options).toEqual({ recipients: 10_000, rate: 500, latency: 0, json: true })
})

test.each([
  ['--recipients', '0'],
  ['--recipients', '1.5'],
  ['--recipients', 'all'],
  ['--rate', '0'],
  ['--rate', ''],
  ['--latency', '-1'],
  ['--speed', '1'],
  ['fast', ''],
])('%s %j is refused', (...args) => {
  expect(() => readDemoOptions(args)).toThrow()
})
