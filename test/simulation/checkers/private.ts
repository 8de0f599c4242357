import type { Entry } from '../history.ts'
import { RECIPIENT_MARK } from '../scenario.ts'
import type { Checker } from './evidence.ts'

const MARK = `${RECIPIENT_MARK}-`

/**
 * Promise 7: no recipient's address is in a log line, a metric, a queue's pointer, a table, an error or an answer of the API.
 * It may be in the bucket, in what goes to SES, and in SES's own events.
 */
export const isPrivate: Checker = {
  name: 'private',
  check: ({ history, notices, deliveries, endedAtMs }) => [
    ...history.entries.flatMap(entry =>
      textOf(entry).includes(MARK) ? [{ atMs: entry.atMs, what: `an address is in ${placeOf(entry)}` }] : [],
    ),
    ...[...notices, ...deliveries]
      .filter(item => JSON.stringify(item).includes(MARK))
      .map(item => ({ atMs: endedAtMs, what: `an address is in the item ${String(item['sk'])}` })),
  ],
}

const SEALED: ReadonlySet<string> = new Set(['dynamodb', 'sqs', 'lambda', 'kms'])

function textOf(entry: Entry): string {
  switch (entry.kind) {
    case 'exchange':
      return SEALED.has(entry.service) ? Buffer.from(entry.request.body).toString() : ''
    case 'log':
      return entry.text
    case 'metric':
      return entry.name
    case 'api-call':
      return entry.path
    case 'api-answer':
      return entry.text
    case 'invocation-end':
      return entry.result.kind === 'returned' ? (JSON.stringify(entry.result.value) ?? '') : ''
    case 'invocation':
    case 'arrival':
    case 'fault':
    case 'note':
      return ''
  }
}

function placeOf(entry: Entry): string {
  switch (entry.kind) {
    case 'exchange':
      return `a request of ${entry.process} to ${entry.service} (${entry.operation})`
    case 'log':
      return `a log line of ${entry.process}`
    case 'api-answer':
      return `the answer to ${entry.of.method} ${entry.of.path}`
    default:
      return `an entry of kind ${entry.kind}`
  }
}
