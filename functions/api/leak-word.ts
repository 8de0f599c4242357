import * as z from 'zod'
import { leakRuleNames, leakRules } from '../leak-guard/rules.ts'
import { type Rejection, rejectionsIn } from '../ledger/counts.ts'
import { findingSchema } from '../notice/history.ts'
import type { LeakWord, OpenLeak } from '../notice/leak.ts'
import type { Notice } from '../notice/notice.ts'
import { withoutAddresses } from '../runtime/log.ts'
import { leakExample } from './examples.ts'
import { type Refusal, refusal } from './problems.ts'
import { isoTime, timeSchema } from './times.ts'

/** A cause takes more than a yes. */
const SHORTEST_CAUSE = 10
const LONGEST_CAUSE = 300

/** What an operator says before a notice of which a message was refused may go on: it stays in the notice's history. */
export const afterLeakSchema = z
  .string()
  .trim()
  .min(SHORTEST_CAUSE, `Say what the cause was and how it was mended, in ${SHORTEST_CAUSE} characters or more.`)
  .max(LONGEST_CAUSE)
  .regex(/^\P{Cc}*$/u, 'Line breaks and other control characters are not allowed.')
  .refine(text => withoutAddresses(text) === text, 'An address stands in it. Leave it out: it would be kept.')
  .optional()
  .meta({
    description:
      'Only after the leak guard has refused a message, and needed then: the cause, and how it was mended, in the words of whoever asks. Kept in the history.',
    examples: ['The footer named a former support address; content approved anew'],
  })

const meansSchema = z.string().meta({ description: 'What the rule says.' })

/** A refusal by the leak guard that nobody has accounted for. */
export const leakSchema = findingSchema
  .extend({
    at: timeSchema,
    run: z.number().int(),
    means: meansSchema,
    excerpt: z.string().meta({ description: 'What stands there; `*` stands for all letters and digits.' }),
    batch: z.number().int(),
    recipientKey: z.string().meta({ description: 'Whose message it was.' }),
  })
  .meta({
    id: 'Leak',
    description: 'Only while a refusal by the leak guard is not accounted for.',
    examples: [leakExample],
  })

export const rejectionsSchema = z.array(
  z.object({ rule: z.enum(leakRuleNames), field: z.string(), means: meansSchema, recipients: z.number().int() }),
)

export function viewLeak({ leak }: Pick<Notice, 'leak'>): { leak?: z.infer<typeof leakSchema> } {
  if (leak === undefined) return {}
  const { atMs, rule, ...rest } = leak
  return { leak: { at: isoTime(atMs), rule, means: leakRules[rule], ...rest } }
}

export function viewRejections(counts: Parameters<typeof rejectionsIn>[0]): z.infer<typeof rejectionsSchema> {
  return rejectionsIn(counts).map(({ rule, field, recipients }) => ({
    rule,
    field,
    means: leakRules[rule],
    recipients,
  }))
}

/** The word for the refusal that is open now; it holds for no other. */
export function wordFor({ leak }: Notice, cause: string | undefined): LeakWord | undefined {
  return cause === undefined ? undefined : { leak, cause }
}

/** Why a notice does not go on by a plain request: what was refused, and what to ask instead. */
export function leakNotConfirmed(
  { noticeId, leak }: Notice,
  counts: Parameters<typeof rejectionsIn>[0],
  again: { readonly action: 'resume' | 'retry'; readonly rejected?: boolean },
): Refusal<'leak-not-confirmed'> {
  const rejections = rejectionsIn(counts)
  const body = JSON.stringify({ ...(again.rejected && { rejected: true }), afterLeak: '…' })
  const detail = [
    `The leak guard refused ${messages(rejections, leak)} of notice ${noticeId}, so that nothing of it left.`,
    ...(leak === undefined ? rejections.map(sentenceOf) : [sentenceOf(leak)]),
    `Find the cause and mend it; then POST /notices/${noticeId}/${again.action} with ${body}, where afterLeak says what it was.`,
  ].join(' ')
  return refusal('leak-not-confirmed', detail, undefined, { ...viewLeak({ leak }), rejections: viewRejections(counts) })
}

function messages(rejections: readonly Rejection[], leak: OpenLeak | undefined): string {
  const counted = rejections.reduce((sum, { recipients }) => sum + recipients, 0)
  const refused = Math.max(counted, leak === undefined ? 0 : 1)
  return refused === 1 ? '1 message' : `${refused} messages`
}

function sentenceOf({ rule, field, excerpt = '' }: Pick<Rejection, 'rule' | 'field'> & { readonly excerpt?: string }) {
  return `Rule ${rule}, in ${field}${excerpt === '' ? '' : ` at ${excerpt}`}: ${leakRules[rule]}`
}

export function nothingToConfirm(noticeId: string): Refusal<'invalid-request'> {
  const detail = `No refusal by the leak guard is open on notice ${noticeId}.`
  return refusal('invalid-request', '1 field is not as it must be; see errors.', [
    { pointer: '/afterLeak', detail, remedy: 'Leave it out.' },
  ])
}
