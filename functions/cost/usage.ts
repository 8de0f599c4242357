/** What one recipient of a notice takes of each service, on average. */
export interface Usage {
  readonly writeUnits: number
  readonly readUnits: number
  /** By room: what Lambda bills, in GB seconds. */
  readonly gbSeconds: Readonly<Record<Room, number>>
  readonly invocations: number
  readonly sqsRequests: number
  readonly snsPublishes: number
  readonly s3Puts: number
  readonly s3Gets: number
  readonly httpApiRequests: number
  readonly kmsRequests: number
  readonly logBytes: number
}

export const rooms = ['api', 'audience', 'dispatcher', 'sender', 'feedback'] as const
export type Room = (typeof rooms)[number]

export interface UsageAtRate extends Usage {
  readonly ratePerSecond: number
}

/**
 * Usage at a rate between, or beyond, those at which it was measured: what waits for the clock grows as the rate falls, so it
 * is interpolated over the time that one recipient takes.
 */
export function usageAt(measured: readonly UsageAtRate[], ratePerSecond: number): Usage {
  const [first, ...others] = measured.toSorted((a, b) => a.ratePerSecond - b.ratePerSecond)
  if (first === undefined) throw new RangeError('Nothing was measured')
  let [below, above] = [first, others[0] ?? first]
  for (const next of others) {
    if (ratePerSecond <= above.ratePerSecond) break
    ;[below, above] = [above, next]
  }
  const span = 1 / above.ratePerSecond - 1 / below.ratePerSecond
  const part = span === 0 ? 0 : (1 / ratePerSecond - 1 / below.ratePerSecond) / span
  const between = (a: number, b: number) => Math.max(0, a + (b - a) * part)
  return {
    writeUnits: between(below.writeUnits, above.writeUnits),
    readUnits: between(below.readUnits, above.readUnits),
    gbSeconds: {
      api: between(below.gbSeconds.api, above.gbSeconds.api),
      audience: between(below.gbSeconds.audience, above.gbSeconds.audience),
      dispatcher: between(below.gbSeconds.dispatcher, above.gbSeconds.dispatcher),
      sender: between(below.gbSeconds.sender, above.gbSeconds.sender),
      feedback: between(below.gbSeconds.feedback, above.gbSeconds.feedback),
    },
    invocations: between(below.invocations, above.invocations),
    sqsRequests: between(below.sqsRequests, above.sqsRequests),
    snsPublishes: between(below.snsPublishes, above.snsPublishes),
    s3Puts: between(below.s3Puts, above.s3Puts),
    s3Gets: between(below.s3Gets, above.s3Gets),
    httpApiRequests: between(below.httpApiRequests, above.httpApiRequests),
    kmsRequests: between(below.kmsRequests, above.kmsRequests),
    logBytes: between(below.logBytes, above.logBytes),
  }
}
