/**
 * Ends a command. Carries what happened, where, and what to do; the program prints it and exits with 1. Thrown, because every
 * step of a command ends it in the same way, and no step can go on after another has failed.
 */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  /** Lines below the first: single faults, remedies. */
  readonly details: readonly string[]

  constructor(what: string, details: readonly string[] = []) {
    super(what)
    this.details = details
  }
}

/** A failure of the kind that often is over a moment later, so that a call which changes nothing may be repeated. */
export class PassingFailure extends CommandFailure {}
