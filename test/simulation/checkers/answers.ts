import * as z from 'zod'
import { fateKinds } from '../../../functions/ledger/delivery-states.ts'
import type { Checker } from './evidence.ts'

const count = z.number()
const countsSchema = z.object({
  state: z.string(),
  planned: count,
  accepted: count,
  rejected: count,
  failed: count,
  suppressed: count,
  inDoubt: count,
  pending: count,
})

const pageSchema = z.object({
  deliveries: z.array(z.object({ fate: z.enum(fateKinds), reason: z.string().optional() })),
  next: z.string().optional(),
})

const lookUpSchema = z.object({ found: z.boolean() })

/** Promise 2 as the operator sees it: no answer of the API counts anybody twice or leaves anybody out. */
export const answers: Checker = {
  name: 'answers',
  check: ({ history, operated }) =>
    history.entries.flatMap(entry => {
      if (entry.kind !== 'api-answer' || entry.status !== 200) return []
      const { path } = entry.of
      const people = operated.find(({ noticeId }) => noticeId !== undefined && path.includes(noticeId))?.planned.people
      const what = faultOf(path, JSON.parse(entry.text), people?.length ?? 0)
      return what === undefined ? [] : [{ atMs: entry.atMs, what: `${entry.of.method} ${path}: ${what}` }]
    }),
}

function faultOf(path: string, answer: unknown, planned: number): string | undefined {
  if (/\/(status|report)$/.test(path)) return faultOfCounts(countsSchema.parse(answer), planned)
  if (path.endsWith('/deliveries')) return faultOfPage(pageSchema.parse(answer), planned)
  if (path.endsWith('/look-up') && !lookUpSchema.parse(answer).found) return 'an address of the audience was not found'
  return undefined
}

function faultOfCounts(counts: z.infer<typeof countsSchema>, people: number): string | undefined {
  const { state, planned, pending, accepted, rejected, failed, suppressed, inDoubt } = counts
  const all = [accepted, rejected, failed, suppressed, inDoubt, pending]
  if (planned !== people && planned !== 0) return `${planned} are planned, of ${people}`
  if (all.some(part => part < 0)) return `a count is below nothing: ${JSON.stringify(counts)}`
  if (all.reduce((sum, part) => sum + part, 0) !== planned)
    return `the counts are not those of all: ${JSON.stringify(counts)}`
  return state === 'finished' && pending > 0 ? `finished, and ${pending} are pending` : undefined
}

function faultOfPage({ deliveries, next }: z.infer<typeof pageSchema>, people: number): string | undefined {
  if (next === undefined && deliveries.length > people) return `${deliveries.length} deliveries of ${people} recipients`
  const unreasoned = deliveries.find(({ fate, reason }) => !/^(accepted|pending)$/.test(fate) && !reason)
  return unreasoned === undefined ? undefined : `somebody is ${unreasoned.fate} for no reason`
}
