/** How long the phases of a start took, which may overlap. */
export class PhaseTimer {
  readonly durationsMs: Record<string, number> = {}

  async time<Result>(phase: string, work: Promise<Result>): Promise<Result> {
    const startedAtMs = performance.now()
    try {
      return await work
    } finally {
      this.durationsMs[phase] = Math.round(performance.now() - startedAtMs)
    }
  }
}
