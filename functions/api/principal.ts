import * as z from 'zod'
import { type Refusal, refusal } from './problems.ts'

const lambdaBindings = z.object({
  event: z.object({
    requestContext: z.object({ authorizer: z.object({ iam: z.object({ userArn: z.string().min(1) }) }) }),
  }),
})

export type Principal = { kind: 'known'; arn: string } | Refusal<'no-principal'>

/** Who calls: the IAM identity that API Gateway has checked. The body and headers of a request say nothing about it. */
export function principalOf(bindings: unknown): Principal {
  const parsed = lambdaBindings.safeParse(bindings)
  if (parsed.success) return { kind: 'known', arn: parsed.data.event.requestContext.authorizer.iam.userArn }
  return refusal('no-principal', 'Changes need an IAM identity. Sign the request with AWS credentials (SigV4).')
}
