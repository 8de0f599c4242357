import type { NoticeStore } from '../../functions/notice/notice-store.ts'
import { usualOrder } from '../memory/sample-notice.ts'
import { people, type SenderWorld, type WorldOptions } from './sender-world.ts'

/** Messages that are refused, the stops that follow, and the word that lets a notice go on. */
export const finding = { rule: 'one-recipient', field: 'Destination.ToAddresses', excerpt: '*@*.*' } as const
export const accepted = (index: number) => ({ kind: 'accepted', messageId: `m-${index}` }) as const

/** Customers of whom some have a stranger's address where their name belongs. */
export const withStrangers = (count: number, ...positions: readonly number[]) =>
  people(count).map((person, position) =>
    positions.includes(position) ? { ...person, variables: { name: `stranger-${position}@elsewhere.test` } } : person,
  )

/** When the stop was written, and by how many attempts. */
export function watchedStops(fails: (attempt: number) => boolean = () => false) {
  const stops = { attempts: 0, writtenAtMs: Number.NaN }
  const over = (notices: NoticeStore): NoticeStore => ({
    ...notices,
    stopLeaking: async (...args) => {
      if (fails(stops.attempts++)) throw new Error('The table does not answer')
      const result = await notices.stopLeaking(...args)
      if (result.kind === 'changed') [, , stops.writtenAtMs] = args
      return result
    },
  })
  return { stops, over }
}

/** SES would never see what goes to these, until the cause is mended. */
export function faultyFor(...positions: readonly number[]) {
  const refused = new Set(positions.map(position => `customer-${position}@example.com`))
  const answer: NonNullable<WorldOptions['answer']> = ({ to }, index) =>
    refused.has(to) ? { kind: 'refused-by-guard', ...finding } : accepted(index)
  return { answer, mend: () => refused.clear() }
}

/** Counted without those that were refused on their way. */
export const left = (world: SenderWorld, refusals: number) => world.calls.length - refusals

export const resumeAs = async (world: SenderWorld, cause = 'The template had a stray address; it was mended') => {
  const { leak } = await world.read()
  return world.notices.resume(world.noticeId, { ...usualOrder, word: { leak, cause } }, world.clock.now())
}

export const pointer = (world: SenderWorld, batch: number, run = 1) => ({ noticeId: world.noticeId, run, batch })
export const rejectedKeys = async (world: SenderWorld) =>
  (await world.facts()).flatMap(fact =>
    fact.fact === 'outcome' && fact.outcome.kind === 'rejected' ? [fact.recipientKey] : [],
  )
