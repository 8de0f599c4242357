import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Delays, type TableDelay } from '../../../local/services/table-delay.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const newResponse = () => new ServerResponse(new IncomingMessage(new Socket()))

/** A call of a table that was made slow: whether it has taken effect, and whether it was answered. */
function callTable(delay: TableDelay) {
  const delays = new Delays()
  delays.control(JSON.stringify(delay), newResponse())
  const response = newResponse()
  let done = false
  delays.hold(response, () => {
    done = true
    response.end('answer')
  })
  return () => ({ done, answered: response.writableEnded })
}

test('a delay before holds the effect back, and the answer with it', () => {
  const call = callTable({ beforeMs: 200 })
  vi.advanceTimersByTime(199)
  expect(call()).toEqual({ done: false, answered: false })
  vi.advanceTimersByTime(1)
  expect(call()).toEqual({ done: true, answered: true })
})

test('a delay after holds back only the answer, which is old when it comes', () => {
  const call = callTable({ afterMs: 300 })
  expect(call()).toEqual({ done: true, answered: false })
  vi.advanceTimersByTime(299)
  expect(call()).toEqual({ done: true, answered: false })
  vi.advanceTimersByTime(1)
  expect(call()).toEqual({ done: true, answered: true })
})

test('without a delay nothing is put off', () => {
  expect(callTable({})()).toEqual({ done: true, answered: true })
})
