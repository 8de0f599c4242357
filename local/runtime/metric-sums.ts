import * as z from 'zod'

const embeddedMetrics = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(z.object({ Namespace: z.string(), Metrics: z.array(z.object({ Name: z.string() })) })),
  }),
})
const values = z.union([z.number().transform(value => [value]), z.array(z.number())])

export interface MetricSum {
  readonly namespace: string
  readonly name: string
  readonly sum: number
  readonly maximum: number
  readonly samples: number
}

/** The metrics that functions print in CloudWatch's embedded metric format, summed over all dimensions. */
export class MetricSums {
  readonly #sums = new Map<string, MetricSum>()

  /** Takes one log line. A line that only looks like metrics is no metric. */
  add(line: string): void {
    const parsed = embeddedMetrics.safeParse(parseJson(line))
    if (!parsed.success) return
    for (const { Namespace, Metrics } of parsed.data._aws.CloudWatchMetrics) {
      for (const { Name } of Metrics) {
        for (const value of values.safeParse(parsed.data[Name]).data ?? []) this.#count(Namespace, Name, value)
      }
    }
  }

  read(): readonly MetricSum[] {
    return [...this.#sums.values()]
  }

  #count(namespace: string, name: string, value: number): void {
    const key = `${namespace}/${name}`
    const before = this.#sums.get(key)
    this.#sums.set(key, {
      namespace,
      name,
      sum: (before?.sum ?? 0) + value,
      maximum: Math.max(before?.maximum ?? value, value),
      samples: (before?.samples ?? 0) + 1,
    })
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
