/**
 * Every state of a batch and every way between them: the code, the tests and the diagram in the docs come from here. A batch
 * without a row has never been claimed. `by` says whose write it is, `when` what the write is conditional on.
 */
export const batchStates = ['unclaimed', 'leased', 'open', 'done'] as const
export type BatchState = (typeof batchStates)[number]
/** A state that a row can be in. */
export type RowState = Exclude<BatchState, 'unclaimed'>

export const batchTransitions = {
  claim: { from: ['unclaimed'], to: 'leased', when: 'nobody has claimed it' },
  'claim again': {
    from: ['open', 'leased'],
    to: 'leased',
    when: 'its time has come: the lease has ended, and a doubt has had the settle delay',
  },
  retry: { from: ['done'], to: 'leased', when: 'a retry has begun since, and it concerns somebody of the batch' },
  renew: { from: ['leased'], to: 'leased', when: 'the holder holds it still' },
  release: { from: ['leased'], to: 'open', when: 'the holder holds it still, and has recorded what it knows' },
  finish: { from: ['leased'], to: 'done', when: 'the holder holds it still, and no newer feedback has come' },
  recount: { from: ['done'], to: 'done', when: 'no newer feedback has come' },
} as const satisfies Record<string, { from: readonly BatchState[]; to: RowState; when: string }>
export type BatchAction = keyof typeof batchTransitions

/** Whether an action is possible in a state. */
export function allows(action: BatchAction, state: BatchState): boolean {
  const from: readonly BatchState[] = batchTransitions[action].from
  return from.includes(state)
}
