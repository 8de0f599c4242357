import * as z from 'zod'

/** The tags by which SES's events name a message. Another tag, or one twice, is none of OnlyTo's. */
const tagNames = ['notice', 'batch', 'attempt', 'recipient'] as const
const tag = z.strictObject({ Name: z.enum(tagNames), Value: z.string().regex(/^[\w-]{1,256}$/) }).readonly()
const tags = z
  .array(tag)
  .readonly()
  .refine(all => new Set(all.map(({ Name }) => Name)).size === all.length)

const utf8 = z.strictObject({ Data: z.string(), Charset: z.literal('UTF-8') }).readonly()

/**
 * The one form of request that may reach SES, in SES's own words. A list of recipients cannot be expressed: there is one To, no other
 * destination, no raw, template or bulk content, no attachment and no header of its own.
 */
export const simpleMailSchema = z
  .strictObject({
    FromEmailAddress: z.string(),
    Destination: z.strictObject({ ToAddresses: z.tuple([z.string()]).readonly() }).readonly(),
    ReplyToAddresses: z.tuple([z.string()]).readonly().optional(),
    Content: z
      .strictObject({
        Simple: z
          .strictObject({ Subject: utf8, Body: z.strictObject({ Text: utf8, Html: utf8 }).readonly() })
          .readonly(),
      })
      .readonly(),
    EmailTags: tags,
    ConfigurationSetName: z.string().regex(/^[\w-]{1,64}$/),
  })
  .readonly()
export type SimpleMail = z.infer<typeof simpleMailSchema>

/** What SES's request may hold besides, and OnlyTo's never does. */
export const otherFields: ReadonlySet<string> = new Set([
  ...['CcAddresses', 'BccAddresses', 'Headers', 'Attachments', 'Raw', 'Template'],
  ...['FeedbackForwardingEmailAddress', 'FeedbackForwardingEmailAddressIdentityArn', 'FromEmailAddressIdentityArn'],
  ...['ListManagementOptions', 'EndpointId', 'TenantName', 'ConfigurationOverrides'],
])
