import type { Permitted } from '../../../functions/leak-guard/leak-guard.ts'

/** Bad messages of one kind: different ways in which one customer could be shown to another. */
export interface Family {
  readonly name: string
  /** How it could really happen. */
  readonly happens: string
  /**
   * Whether a message of this family is honest when the address in it is the recipient's own. If so it must pass with that: the
   * address is then all that is wrong with it.
   */
  readonly own: 'passes' | 'refused too'
  /** Where the family needs another recipient or another notice than usual. */
  readonly permitted?: Permitted
  /** The request, with this address in it. */
  readonly messages: Readonly<Record<string, (address: string) => unknown>>
}
