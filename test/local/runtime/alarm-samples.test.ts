import fc from 'fast-check'
import { expect, test } from 'vitest'
import { metricSamples } from '../../../local/runtime/alarm-samples.ts'

const line = (members: object, directive: object = {}) =>
  JSON.stringify({
    _aws: {
      Timestamp: 1_700_000_000_123,
      CloudWatchMetrics: [
        {
          Namespace: 'OnlyTo',
          Dimensions: [['service']],
          Metrics: [{ Name: 'Rejections', Unit: 'Count' }],
          ...directive,
        },
      ],
    },
    service: 'sender',
    ...members,
  })

const sample = {
  namespace: 'OnlyTo',
  name: 'Rejections',
  dimensions: { service: 'sender' },
  values: [3],
  atMs: 1_700_000_000_123,
}

test('a line in the embedded metric format is a sample with its dimensions, at its own time', () => {
  expect(metricSamples(line({ Rejections: 3 }))).toEqual([sample])
})

test('several values of a metric belong to one sample', () => {
  expect(metricSamples(line({ Rejections: [3, 1, 4] }))).toEqual([{ ...sample, values: [3, 1, 4] }])
})

test('each set of dimensions is a metric of its own', () => {
  const sets = { Dimensions: [[], ['service'], ['service', 'lane']] }
  expect(metricSamples(line({ Rejections: 3, lane: 'slow' }, sets)).map(({ dimensions }) => dimensions)).toEqual([
    {},
    { service: 'sender' },
    { service: 'sender', lane: 'slow' },
  ])
})

test.each([
  ['is named and has no value', line({})],
  ['has a value that is no number', line({ Rejections: '3' })],
  ['has no values', line({ Rejections: [] })],
])('a metric that %s is no sample', (_, text) => {
  expect(metricSamples(text)).toEqual([])
})

test('no other line is taken for metrics, and none breaks the reading', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.string().map(text => `{"_aws":${text}`),
      ),
      text => {
        expect(metricSamples(text)).toEqual([])
      },
    ),
  )
})
