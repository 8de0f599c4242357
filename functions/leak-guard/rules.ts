/** Every rule of the leak guard, and what it means when it has refused a message. None is ever right to ignore. */
export const leakRules = {
  'closed-request': 'The request has a field that OnlyTo never writes.',
  'one-recipient': 'The message does not go to exactly one recipient.',
  'right-recipient': 'The message goes to another address than that of the recipient it was made for.',
  'foreign-address': 'An address stands in it that is neither the recipient’s own nor written in the approved notice.',
  'hidden-text': 'Something in it is encoded so often, or in such a way, that what it shows cannot be known.',
  'notice-mailbox': 'The sender or the reply-to is not one plain mailbox of the approved notice.',
  'control-character': 'A control character stands where it could begin a header.',
  'crossed-row': 'Address and variables do not belong to the same row of the audience.',
  uninspected: 'The message was about to leave without having been inspected.',
} as const
export type LeakRule = keyof typeof leakRules
export const leakRuleNames = Object.keys(leakRules).filter((name): name is LeakRule => Object.hasOwn(leakRules, name))

/** Why a message was refused. It can hold no address, name or number: see `maskedExcerpt`. */
export interface Finding {
  readonly rule: LeakRule
  /** Path of the field in the request. */
  readonly field: string
  /** What stands around it, in which `*` takes the place of all letters and digits; '' where there is nothing to show. */
  readonly excerpt: string
}
