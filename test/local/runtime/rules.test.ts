import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Rules } from '../../../local/runtime/rules.ts'
import type { RuleDefinition } from '../../../local/template/deployment.ts'

const scope = {
  partition: 'aws',
  region: 'eu-west-1',
  accountId: '000000000000',
  urlSuffix: 'amazonaws.com',
  stackName: 'OnlyTo',
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start(rule: RuleDefinition) {
  const events: { functionName: string; event: unknown }[] = []
  const rules = new Rules({
    rules: [rule],
    scope,
    invoke: (functionName, event) => events.push({ functionName, event }),
  })
  return { rules, events }
}

test('a schedule fires soon after the start, then each period, and no more once closed', () => {
  const { rules, events } = start({
    kind: 'schedule',
    name: 'EveryMinute',
    functionName: 'F',
    everyMs: 60_000,
    input: undefined,
  })
  vi.advanceTimersByTime(5_000)
  expect(events).toHaveLength(1)
  vi.advanceTimersByTime(120_000)
  expect(events).toHaveLength(3)
  expect(events[0]).toMatchObject({
    functionName: 'F',
    event: {
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      resources: ['arn:aws:events:eu-west-1:000000000000:rule/EveryMinute'],
    },
  })
  rules.close()
  vi.advanceTimersByTime(600_000)
  expect(events).toHaveLength(3)
})

test('only an object of the bucket and the prefix fires the rule', () => {
  const { rules, events } = start({
    kind: 'object-created',
    name: 'Uploaded',
    functionName: 'Audience',
    buckets: ['audience'],
    keyPrefixes: ['uploads/'],
    input: undefined,
  })
  const object = { bucket: 'audience', key: 'uploads/n1/a1', size: 12, etag: '"abc"' }
  rules.objectCreated({ ...object, key: 'audiences/a1/recipients.ndjson' })
  rules.objectCreated({ ...object, bucket: 'other' })
  expect(events).toEqual([])
  rules.objectCreated(object)
  expect(events).toMatchObject([
    {
      functionName: 'Audience',
      event: {
        source: 'aws.s3',
        'detail-type': 'Object Created',
        detail: { bucket: { name: 'audience' }, object: { key: 'uploads/n1/a1', size: 12, etag: 'abc' } },
      },
    },
  ])
})
