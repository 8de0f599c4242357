import type { Context } from 'hono'
import * as z from 'zod'
import { leakProblemExample, problemExample, quotaProblemExample } from './examples.ts'
import { leakSchema, rejectionsSchema } from './leak-word.ts'
import { type ProblemKind, type ProblemStatus, problemKinds, problemType, type Refusal } from './problems.ts'
import { shownPath } from './shown-path.ts'

const mediaType = 'application/problem+json'

const recipients = (description: string) => z.number().int().optional().meta({ description })

/** What a program needs of `quota-too-small`, `share-too-large` and `leak-not-confirmed`. */
const figuresShape = {
  needed: recipients('Recipients that are to be sent to.'),
  fitsToday: recipients('How many of them fit into what is left of the quota.'),
  quota: z.number().optional().meta({ description: 'Recipients in any 24 hours, as SES grants the account.' }),
  sentLast24Hours: z.number().optional().meta({ description: 'Recipients that the account has sent to.' }),
  pendingElsewhere: recipients('Recipients that other notices, being sent already, still have.'),
  days: z.number().int().optional().meta({ description: 'About how many days it takes with overDays.' }),
  share: z.number().optional().meta({ description: 'The share in question.' }),
  leak: leakSchema.optional(),
  rejections: rejectionsSchema.optional().meta({ description: 'What the leak guard refused, by rule and field.' }),
  stackShare: z.number().optional().meta({ description: 'The largest share that the stack allows.' }),
}

/** Problem details (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().meta({ description: 'What is wrong with this request, and what to do.' }),
    instance: z.string().meta({ description: 'The path of the request.' }),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional().meta({ description: 'JSON pointer into the body.' }),
          parameter: z.string().optional().meta({ description: 'Name of a path or query parameter.' }),
          detail: z.string(),
          remedy: z.string().optional(),
        }),
      )
      .optional(),
    ...figuresShape,
  })
  .meta({
    id: 'Problem',
    description: 'Problem details (RFC 9457). A refused request has changed nothing.',
    examples: [problemExample, quotaProblemExample, leakProblemExample],
  })

export function answerProblem<Kind extends ProblemKind>(
  c: Context,
  { problem, detail, errors, figures }: Refusal<Kind>,
) {
  const { title } = problemKinds[problem]
  const status: ProblemStatus<Kind> = problemKinds[problem].status
  const body: z.infer<typeof problemSchema> = {
    ...{ type: problemType(problem), title, status, detail, instance: shownPath(c.req.path) },
    ...(errors && { errors: [...errors] }),
    ...figures,
  }
  return c.json(body, status, { 'content-type': mediaType })
}

interface ProblemDescription {
  description: string
  content: { [mediaType]: { schema: typeof problemSchema } }
}
type ProblemResponses<Kind extends ProblemKind> = { [Each in Kind as ProblemStatus<Each>]: ProblemDescription }

/** The problems of a route for its OpenAPI description, by status. A route can answer with no others. */
export function problemResponses<Kind extends ProblemKind>(...kinds: readonly Kind[]): ProblemResponses<Kind>
export function problemResponses(...kinds: readonly ProblemKind[]): Record<number, ProblemDescription> {
  const byStatus = Map.groupBy(kinds, kind => problemKinds[kind].status)
  const describe = (kind: ProblemKind) => `\`${problemType(kind)}\`: ${problemKinds[kind].title}.`
  return Object.fromEntries(
    [...byStatus].map(([status, kindsOfStatus]) => [
      status,
      {
        description: kindsOfStatus.map(describe).join(' '),
        content: { [mediaType]: { schema: problemSchema } },
      },
    ]),
  )
}
