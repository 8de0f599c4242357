/**
 * Something that should not happen: a broken invariant, or a service that answers what its documentation excludes.
 * Expected outcomes are returned as unions; only defects are thrown. Messages never hold a recipient's address.
 */
export class Defect extends Error {
  override readonly name = 'Defect'
  readonly code: string

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
