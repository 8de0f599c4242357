import type { Context } from 'hono'
import * as z from 'zod'
import { problemExample } from './examples.ts'
import { type ProblemKind, type ProblemStatus, problemKinds, problemType, type Refusal } from './problems.ts'

const mediaType = 'application/problem+json'

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
  })
  .meta({
    id: 'Problem',
    description: 'Problem details (RFC 9457). A refused request has changed nothing.',
    examples: [problemExample],
  })

export function answerProblem<Kind extends ProblemKind>(c: Context, { problem, detail, errors }: Refusal<Kind>) {
  const { title } = problemKinds[problem]
  const status: ProblemStatus<Kind> = problemKinds[problem].status
  const body = { type: problemType(problem), title, status, detail, instance: c.req.path }
  const problemBody: z.infer<typeof problemSchema> = errors === undefined ? body : { ...body, errors: [...errors] }
  return c.json(problemBody, status, { 'content-type': mediaType })
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
