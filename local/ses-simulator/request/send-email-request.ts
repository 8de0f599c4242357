import * as z from 'zod'
import { badRequest, type SesError, sesError } from './ses-error.ts'

const textSchema = z.strictObject({ Data: z.string(), Charset: z.string().optional() })
export type TextContent = z.infer<typeof textSchema>

const simpleSchema = z.strictObject({
  Subject: textSchema,
  Body: z.strictObject({ Text: textSchema.optional(), Html: textSchema.optional() }),
  Headers: z.array(z.strictObject({ Name: z.string(), Value: z.string() })).optional(),
  Attachments: z.array(z.unknown()).optional(),
})
export type SimpleContent = z.infer<typeof simpleSchema>

/** SendEmail's request, member by member as SES names them; a member that SES does not know is refused. */
const sendEmailSchema = z.strictObject({
  FromEmailAddress: z.string().optional(),
  FromEmailAddressIdentityArn: z.string().optional(),
  Destination: z
    .strictObject({
      ToAddresses: z.array(z.string()).optional(),
      CcAddresses: z.array(z.string()).optional(),
      BccAddresses: z.array(z.string()).optional(),
    })
    .optional(),
  ReplyToAddresses: z.array(z.string()).optional(),
  FeedbackForwardingEmailAddress: z.string().optional(),
  FeedbackForwardingEmailAddressIdentityArn: z.string().optional(),
  Content: z.strictObject({
    Simple: simpleSchema.optional(),
    Raw: z.unknown().optional(),
    Template: z.unknown().optional(),
  }),
  EmailTags: z.array(z.strictObject({ Name: z.string(), Value: z.string() })).optional(),
  ConfigurationSetName: z.string().optional(),
  EndpointId: z.string().optional(),
  TenantName: z.string().optional(),
  ListManagementOptions: z.unknown().optional(),
  ConfigurationOverrides: z.unknown().optional(),
})
export type SendEmailRequest = z.infer<typeof sendEmailSchema>

export type ParsedRequest = { readonly kind: 'request'; readonly request: SendEmailRequest } | SesError

export function parseSendEmail(json: string): ParsedRequest {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return sesError('SerializationException', 'The request body is not JSON.')
  }
  const parsed = sendEmailSchema.safeParse(value)
  if (parsed.success) return { kind: 'request', request: parsed.data }
  const [issue] = parsed.error.issues
  const member = issue?.path.join('.') ?? ''
  if (issue?.code === 'invalid_type' && issue.input === undefined && !hasMember(value, issue.path)) {
    return badRequest(
      `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`,
    )
  }
  return sesError('SerializationException', `The value at '${member}' cannot be read: ${issue?.message ?? ''}`)
}

/** Reads back a request that was accepted. */
export function reparseSendEmail(json: string): SendEmailRequest {
  return sendEmailSchema.parse(JSON.parse(json))
}

function hasMember(value: unknown, path: readonly PropertyKey[]): boolean {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return false
    current = Reflect.get(current, key)
  }
  return current !== undefined && current !== null
}
