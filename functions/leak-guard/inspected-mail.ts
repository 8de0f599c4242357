import { inspectRequest, type Permitted } from './leak-guard.ts'
import type { Finding } from './rules.ts'
import type { SimpleMail } from './simple-mail.ts'

export type Verdict =
  | { readonly kind: 'passed'; readonly mail: InspectedMail }
  | ({ readonly kind: 'refused' } & Finding)

/**
 * A request that the leak guard has let pass, and that nobody can change any more. Nothing else can make one, and the mailer
 * takes nothing else: neither a list of recipients nor a message that was not inspected can be expressed.
 */
export class InspectedMail {
  readonly #inspected: undefined
  readonly request: SimpleMail
  readonly permitted: Permitted

  private constructor(request: SimpleMail, permitted: Permitted) {
    this.request = request
    this.permitted = permitted
    Object.freeze(this)
  }

  static inspect(request: unknown, permitted: Permitted): Verdict {
    const inspection = inspectRequest(request, permitted)
    if (inspection.kind === 'refused') return inspection
    return { kind: 'passed', mail: new InspectedMail(inspection.request, permitted) }
  }

  /** Whether it was made here: what only looks like one, past the compiler, is none. */
  static isGenuine(mail: object): mail is InspectedMail {
    return #inspected in mail
  }
}
