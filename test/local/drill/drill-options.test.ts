import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { drillCases } from '../../../local/drill/drill-cases.ts'
import { readDrillOptions } from '../../../local/drill/drill-options.ts'

beforeEach(() => void vi.spyOn(process.stderr, 'write').mockReturnValue(true))
afterEach(() => vi.restoreAllMocks())

test('unless told otherwise every case is drilled, with four senders and everything in place', () => {
  expect(readDrillOptions([])).toEqual({ only: drillCases, senders: 4, rate: 400, withoutGuard: false, json: false })
})

test('cases are chosen by name, and run in their own order', () => {
  const names = (text: string) => readDrillOptions(['--only', text]).only.map(({ name }) => name)
  expect(names('bcc, to')).toEqual(['to', 'bcc'])
  expect(names('gathered')).toEqual(['gathered'])
})

test('every case has a name of its own', () => {
  expect(new Set(drillCases.map(({ name }) => name)).size).toBe(drillCases.length)
})

test.each([
  ['--only', 'to,nothing', 'There is no case "nothing"'],
  ['--only', '', 'There is no case ""'],
  ['--senders', '1', 'Give at least 2'],
  ['--senders', '2.5', 'Give a whole number'],
  ['--rate', '10', 'Give at least 50'],
  ['--rate', 'fast', 'Give a number'],
  ['--nothing', '', 'unknown option'],
])('%s %j is refused with what to do', (option, value, said) => {
  expect(() => readDrillOptions([option, value])).toThrow(said)
})
