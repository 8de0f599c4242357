import * as z from 'zod'

/** What a function has printed of one metric at one moment. */
export interface MetricSample {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly values: readonly number[]
  readonly atMs: number
}

const directive = z.object({
  Namespace: z.string(),
  /** Each set of names is a metric of its own. */
  Dimensions: z.array(z.array(z.string())).default([[]]),
  Metrics: z.array(z.object({ Name: z.string() })),
})
const embeddedMetrics = z.looseObject({
  _aws: z.object({ Timestamp: z.number(), CloudWatchMetrics: z.array(directive) }),
})
const metricValues = z.union([z.number().transform(value => [value]), z.array(z.number())])

/** The samples of one line of CloudWatch's embedded metric format; none of any other line. */
export function metricSamples(line: string): readonly MetricSample[] {
  if (!line.includes('"_aws"')) return []
  const parsed = embeddedMetrics.safeParse(parseJson(line))
  if (!parsed.success) return []
  const { _aws, ...members } = parsed.data
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name }) => {
      const values = metricValues.safeParse(members[Name]).data ?? []
      if (values.length === 0) return []
      return Dimensions.map(names => ({
        namespace: Namespace,
        name: Name,
        dimensions: Object.fromEntries(names.map(name => [name, String(members[name])])),
        values,
        atMs: _aws.Timestamp,
      }))
    }),
  )
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
