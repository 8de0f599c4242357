import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type * as z from 'zod'
import type { leakSchema, rejectionsSchema } from './leak-word.ts'

/** Every problem that the API can answer with. The key is the end of its type, `urn:onlyto:problem:<key>`, and never changes. */
export const problemKinds = {
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'no-principal': { status: 401, title: 'The caller is not known' },
  'unknown-route': { status: 404, title: 'There is no such route' },
  'notice-not-found': { status: 404, title: 'There is no such notice' },
  'no-audience': { status: 404, title: 'The notice has no audience yet' },
  'state-conflict': { status: 409, title: 'The state of the notice does not allow this' },
  'audience-not-ready': { status: 409, title: 'The audience is not ready' },
  'not-approved': { status: 409, title: 'The notice is not approved' },
  'changed-meanwhile': { status: 409, title: 'The notice has changed in the meantime' },
  'quota-too-small': { status: 409, title: 'The 24-hour quota is too small for all of it today' },
  'lanes-changed': { status: 409, title: 'The audience was indexed under other lanes' },
  'leak-not-confirmed': { status: 409, title: 'The leak guard refused messages, and nobody has said why it is safe' },
  'nothing-to-retry': { status: 409, title: 'Nobody failed for a reason that may pass' },
  'variables-missing': { status: 409, title: 'The audience lacks variables that the content names' },
  'account-in-sandbox': { status: 409, title: "The account is in SES's sandbox, and the stack is not made for that" },
  'sending-disabled': { status: 409, title: 'SES does not let this account send' },
  'audience-expired': { status: 410, title: 'The addresses of the audience are no longer kept' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body has the wrong media type' },
  'share-too-large': { status: 422, title: 'The share is larger than that of the stack' },
  'invalid-request': { status: 422, title: 'The request has invalid fields' },
  unexpected: { status: 500, title: 'Something unexpected happened' },
} as const satisfies Record<string, { status: ContentfulStatusCode; title: string }>

export type ProblemKind = keyof typeof problemKinds
export type ProblemStatus<Kind extends ProblemKind = ProblemKind> = (typeof problemKinds)[Kind]['status']

/** One fault: where (a JSON pointer into the body, or the name of a parameter), what, and what to do. */
export interface FieldError {
  readonly pointer?: string
  readonly parameter?: string
  readonly detail: string
  readonly remedy?: string
}

/** Figures of a refusal, for programs: what the detail says in words. Which of them there are depends on the problem. */
export interface ProblemFigures {
  readonly needed?: number
  readonly fitsToday?: number
  readonly quota?: number
  readonly sentLast24Hours?: number
  readonly pendingElsewhere?: number
  readonly days?: number
  readonly share?: number
  readonly stackShare?: number
  readonly leak?: z.infer<typeof leakSchema>
  readonly rejections?: z.infer<typeof rejectionsSchema>
}

/** A request that is not carried out. It has changed nothing. */
export interface Refusal<Kind extends ProblemKind = ProblemKind> {
  readonly kind: 'refused'
  readonly problem: Kind
  readonly detail: string
  readonly errors?: readonly FieldError[]
  readonly figures?: ProblemFigures
}

export function refusal<Kind extends ProblemKind>(
  problem: Kind,
  detail: string,
  errors?: readonly FieldError[],
  figures?: ProblemFigures,
): Refusal<Kind> {
  return { kind: 'refused', problem, detail, ...(errors && { errors }), ...(figures && { figures }) }
}

export const problemType = (problem: ProblemKind) => `urn:onlyto:problem:${problem}`
