import * as z from 'zod'
import { InspectedMail } from '../leak-guard/inspected-mail.ts'
import { leakRules } from '../leak-guard/rules.ts'
import type { Content } from '../notice/content.ts'
import { findingSchema } from '../notice/history.ts'
import type { Notice } from '../notice/notice.ts'
import type { ReadyAudience } from '../recipient/audience.ts'
import type { AudienceStore } from '../recipient/audience-store.ts'
import { parseLocale } from '../recipient/locale.ts'
import type { Recipient } from '../recipient/recipient.ts'
import { addressesWrittenIn } from '../rendering/notice-addresses.ts'
import { type CompiledContent, compileContent, renderMessage } from '../rendering/render.ts'
import { Defect } from '../runtime/defect.ts'
import { mailRequest } from '../ses/mail-request.ts'
import { previewExample } from './examples.ts'
import type { ApiPorts } from './ports.ts'
import { type Refusal, refusal } from './problems.ts'
import { readyAudience } from './refusals.ts'

export const previewRequestSchema = z
  .strictObject({
    locale: z.string().optional().meta({ description: 'By default that of the recipient.' }),
    recipient: z.number().int().nonnegative().optional().meta({
      description: 'A recipient of the ready audience, counted from 0; by default the first.',
    }),
    variables: z.record(z.string(), z.string()).optional().meta({ description: 'Made-up variables instead.' }),
  })
  .refine(({ recipient, variables }) => recipient === undefined || variables === undefined, {
    path: ['variables'],
    error: 'Give a recipient or variables, not both.',
  })
  .meta({ id: 'PreviewRequest', examples: [{ locale: 'es', variables: { name: 'Ana' } }, { recipient: 41 }] })
export type PreviewRequest = z.infer<typeof previewRequestSchema>

export const previewSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('rendered'),
      locale: z.string().meta({ description: 'The variant that was chosen.' }),
      subject: z.string(),
      text: z.string(),
      html: z.string(),
    }),
    z.object({
      kind: z.literal('failed'),
      reason: z.string().meta({ description: 'Why this recipient’s message cannot be made.' }),
    }),
    findingSchema.extend({
      kind: z.literal('refused'),
      means: z
        .string()
        .meta({ description: 'Why the leak guard would refuse this recipient’s message, and stop the notice.' }),
    }),
  ])
  .meta({ id: 'Preview', examples: [previewExample] })
export type Preview = z.infer<typeof previewSchema>

type Reader = Pick<Recipient, 'variables'> & { readonly locale?: string | undefined }
type PreviewRefusal = Refusal<'invalid-request' | 'audience-not-ready'>

/**
 * The message as one recipient would get it, or why the leak guard would refuse it. The recipient's address is not in it, even where
 * a variable repeats it.
 */
export async function preview(
  { contents, audiences }: Pick<ApiPorts, 'contents' | 'audiences'>,
  notice: Notice,
  request: PreviewRequest,
): Promise<{ kind: 'previewed'; preview: Preview } | PreviewRefusal> {
  const wanted = request.locale === undefined ? undefined : parseLocale(request.locale)
  if (wanted?.kind === 'invalid') return invalid('/locale', 'This is not a known locale, such as en.')
  const found = await findReader(audiences, notice, request)
  if (found.kind === 'refused') return found
  const content = await contents.get(notice.contentDigest)
  const compiled = compileContent(content)
  const { reader } = found
  const locale = wanted?.locale ?? reader.locale
  const refused = 'address' in reader ? inspect(notice, content, compiled, { ...reader, locale }) : undefined
  if (refused !== undefined) return { kind: 'previewed', preview: refused }
  const { variables } = 'address' in reader ? withoutAddress(reader) : reader
  return { kind: 'previewed', preview: previewSchema.parse(renderMessage(compiled, { variables, locale })) }
}

/** What the leak guard has against the message as it would be sent. */
function inspect(
  notice: Notice,
  content: Content,
  compiled: CompiledContent,
  recipient: Recipient,
): Extract<Preview, { kind: 'refused' }> | undefined {
  const rendering = renderMessage(compiled, recipient)
  if (rendering.kind === 'failed') return undefined
  const { from, replyTo, noticeId } = notice
  const { subject, text, html } = rendering
  const request = mailRequest({
    ...{ from, to: recipient.address, replyTo, subject, text, html, configurationSet: 'preview' },
    tags: { notice: noticeId, batch: 0, attempt: 1, recipient: recipient.key },
  })
  const noticeAddresses = addressesWrittenIn(notice, content)
  const verdict = InspectedMail.inspect(request, { recipient: recipient.address, noticeAddresses })
  if (verdict.kind === 'passed') return undefined
  const { rule, field, excerpt } = verdict
  return { kind: 'refused', rule, field, excerpt, means: leakRules[rule] }
}

async function findReader(
  audiences: AudienceStore,
  notice: Notice,
  { recipient, variables }: PreviewRequest,
): Promise<{ kind: 'found'; reader: Reader | Recipient } | PreviewRefusal> {
  if (variables !== undefined) return { kind: 'found', reader: { variables } }
  const ready = readyAudience(notice)
  if (ready.kind === 'refused') return ready
  const { audience } = ready
  const position = recipient ?? 0
  if (position >= audience.recipients) {
    return invalid('/recipient', `The audience has ${audience.recipients} recipients: 0 to ${audience.recipients - 1}.`)
  }
  return { kind: 'found', reader: await readRecipient(audiences, audience, position) }
}

async function readRecipient(
  audiences: AudienceStore,
  { audienceId, digest }: ReadyAudience,
  position: number,
): Promise<Recipient> {
  let before = 0
  for (const slice of await audiences.readBatchSlices(audienceId, digest)) {
    const recipient =
      position < before + slice.size
        ? (await audiences.readRecipients(audienceId, slice))[position - before]
        : undefined
    if (recipient !== undefined) return recipient
    before += slice.size
  }
  throw new Defect('audience-index', `Audience ${audienceId} has fewer recipients than its report says`)
}

function withoutAddress({ address, locale, variables }: Recipient): Reader {
  const pattern = new RegExp(address.replace(/\W/g, '\\$&'), 'gi')
  const hidden = Object.entries(variables).map(([name, value]) => [name, value.replace(pattern, '[address]')])
  return { locale, variables: Object.fromEntries(hidden) }
}

function invalid(pointer: string, detail: string): Refusal<'invalid-request'> {
  return refusal('invalid-request', 'The preview cannot be made; see errors.', [{ pointer, detail }])
}
