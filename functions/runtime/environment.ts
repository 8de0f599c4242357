import * as z from 'zod'
import { Defect } from './defect.ts'

/** What a construct must set for a function: each key of its schema, as text. */
export type EnvironmentOf<Schema extends z.ZodObject> = { [Key in keyof z.input<Schema>]: string }

/**
 * Reads a function's environment once, at cold start, and reports every fault at once.
 * The one place that reads `process.env`.
 */
export function parseEnvironment<Schema extends z.ZodObject>(
  schema: Schema,
  source: Readonly<Record<string, string | undefined>> = process.env,
): z.output<Schema> {
  const parsed = schema.safeParse(source)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`)
  throw new Defect('environment', `The environment of this function is not usable:\n  ${faults.join('\n  ')}`)
}

/** The region that Lambda runs this function in. */
export function awsRegion(source: Readonly<Record<string, string | undefined>> = process.env): string {
  return parseEnvironment(z.object({ AWS_REGION: z.string().min(1) }), source).AWS_REGION
}
