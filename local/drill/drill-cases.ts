import type { LeakRule } from '../../functions/leak-guard/rules.ts'

/** The walls that stand behind one another: the check of the request, the seal of the row, the check of what goes on the wire. */
export type Wall = 'request' | 'seal' | 'wire'

export interface DrillCase {
  readonly name: string
  /** What the sender is made to do. */
  readonly does: string
  /** The one module of functions/ that a faulty one replaces … */
  readonly module: string
  /** … which is this file in `faults/` … */
  readonly source: string
  /** … and what it is told to do. */
  readonly fault: string
  /** Which wall must stop it, the ones before being out of its way … */
  readonly wall: Wall
  /** … and by which of its rules. */
  readonly rules: readonly LeakRule[]
}

const mistakes = {
  to: 'puts the whole batch in To',
  cc: 'puts the whole batch in Cc',
  bcc: 'puts the whole batch in Bcc',
  list: 'writes the whole batch as a list in one To',
} as const
type Mistake = keyof typeof mistakes

const againstRequest: Readonly<Record<Mistake, readonly LeakRule[]>> = {
  to: ['one-recipient'],
  cc: ['one-recipient', 'closed-request'],
  bcc: ['one-recipient', 'closed-request'],
  list: ['one-recipient', 'right-recipient', 'foreign-address'],
}

const askedOfGuard = Object.entries(mistakes).map(
  ([name, does]): DrillCase => ({
    ...{ name, does, fault: name, wall: 'request' },
    module: 'functions/ses/mail-request.ts',
    source: 'mail-request.js',
    rules: Object.entries(againstRequest).find(([mistake]) => mistake === name)?.[1] ?? [],
  }),
)

const pastGuard = Object.entries({ ...mistakes, crossed: 'sends one customer the message of another' }).map(
  ([name, does]): DrillCase => ({
    ...{ name: `${name}-past-guard`, does: `${does}, past the check of the request`, fault: name, wall: 'wire' },
    module: 'functions/sender/prepare-message.ts',
    source: 'prepare-message.js',
    rules: ['uninspected', 'one-recipient', 'right-recipient', 'closed-request'],
  }),
)

/** Everything that the drill makes the sender do, in the order in which it does. */
export const drillCases: readonly DrillCase[] = [
  ...askedOfGuard,
  {
    name: 'crossed',
    does: 'makes each message with the variables of the customer before',
    module: 'functions/rendering/render.ts',
    source: 'render.js',
    fault: 'crossed',
    wall: 'seal',
    rules: ['crossed-row'],
  },
  ...pastGuard,
  {
    name: 'gathered',
    does: 'gathers messages and makes one call for all of their recipients, as in 2019',
    module: 'functions/ses/ses-mailer.ts',
    source: 'ses-mailer.js',
    fault: 'gathered',
    wall: 'wire',
    rules: ['uninspected', 'one-recipient'],
  },
]
