import type { Evidence } from './evidence.ts'

/** Nothing goes wrong, and nobody else uses the account. */
export function isCalm({ scenario: { weights, account } }: Pick<Evidence, 'scenario'>): boolean {
  return Object.keys(weights).length === 0 && account.foreign.length === 0 && account.changes.length === 0
}
