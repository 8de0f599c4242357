/**
 * Every state of a notice and every way between them: the code, the tests and the diagram in the docs come from here.
 *
 * `run` is the fencing token: `start` makes it 1 and each `resume` and `retry` raises it, so messages of an older run are void.
 */
export const noticeStates = ['draft', 'approved', 'sending', 'stopped', 'finished'] as const
export type NoticeState = (typeof noticeStates)[number]

export const noticeTransitions = {
  'change audience': { from: ['draft', 'approved'], to: 'draft', remedy: 'Create a new notice for another audience.' },
  approve: { from: ['draft'], to: 'approved', remedy: 'Only a draft can be approved.' },
  start: {
    from: ['approved'],
    to: 'sending',
    remedy: 'Approve a draft before starting it; resume a stopped notice; create a new one to send it again.',
  },
  stop: { from: ['sending'], to: 'stopped', remedy: 'Only a notice that is being sent can be stopped.' },
  resume: { from: ['stopped'], to: 'sending', remedy: 'Only a stopped notice can be resumed.' },
  retry: {
    from: ['finished'],
    to: 'sending',
    remedy: 'Only a finished notice can be retried; resume a stopped one first.',
  },
  finish: { from: ['sending'], to: 'finished', remedy: 'Only a notice that is being sent can finish.' },
} as const satisfies Record<string, { from: readonly NoticeState[]; to: NoticeState; remedy: string }>

export type NoticeAction = keyof typeof noticeTransitions

export type Transition =
  | { kind: 'allowed'; to: NoticeState }
  | { kind: 'refused'; action: NoticeAction; state: NoticeState; from: readonly NoticeState[]; remedy: string }

/** Whether an action is possible in a state, and where it leads. */
export function transition(state: NoticeState, action: NoticeAction): Transition {
  const { from, to, remedy }: { from: readonly NoticeState[]; to: NoticeState; remedy: string } =
    noticeTransitions[action]
  return from.includes(state) ? { kind: 'allowed', to } : { kind: 'refused', action, state, from, remedy }
}
