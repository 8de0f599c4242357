import * as z from 'zod'
import { type Content, contentSchema } from '../notice/content.ts'
import { emptyHistory, recorded } from '../notice/history.ts'
import { emptyTally, type Notice, noticeSchema, usualPace } from '../notice/notice.ts'
import { addressFaults, parseAddress } from '../recipient/address.ts'
import { canonicalContent, checkContent } from '../rendering/templates.ts'
import { type Random, randomId } from '../runtime/random.ts'
import type { ApiPorts } from './ports.ts'
import { type FieldError, type Refusal, refusal } from './problems.ts'
import { senderAddress } from './sender-address.ts'
import { isoTime } from './times.ts'

const line = z.string().regex(/^\P{Cc}*$/u, 'Line breaks and other control characters are not allowed.')
/** Normalised as the addresses of an audience are: SES takes no letters outside ASCII. */
const bareAddress = z.string().transform((text, ctx) => {
  const parsed = parseAddress(text)
  if (parsed.kind === 'valid') return parsed.address
  ctx.addIssue(`This is not a bare address such as notices@example.com. ${addressFaults[parsed.reason]}`)
  return z.NEVER
})

export const newNoticeSchema = z
  .strictObject({
    name: line.min(1).max(200).meta({ description: 'What operators call it. Recipients do not see it.' }),
    from: z
      .strictObject({ name: line.max(100).optional(), address: bareAddress.optional() })
      .optional()
      .meta({ description: 'By default the sender identity of the stack, when that is an address.' }),
    replyTo: bareAddress.optional(),
    inDoubtPolicy: noticeSchema.shape.inDoubtPolicy.default('resend').meta({
      description:
        'Whether a message that SES may or may not have accepted is sent again once nothing was heard of it.',
    }),
    content: contentSchema,
  })
  .meta({
    id: 'NewNotice',
    examples: [
      {
        name: 'Index change',
        from: { name: 'Example Exchange', address: 'notices@example.com' },
        replyTo: 'support@example.com',
        content: {
          defaultLocale: 'en',
          variants: {
            en: { subject: 'Index change', text: 'Dear {{name}}, …', html: '<p>Dear {{name}}, …</p>' },
            es: { subject: 'Cambio de índice', text: 'Hola {{name}}: …', html: '<p>Hola {{name}}: …</p>' },
          },
        },
      },
    ],
  })
export type NewNotice = z.infer<typeof newNoticeSchema>

export type Creation = { kind: 'created'; notice: Notice } | Refusal<'invalid-request'>

/** Creates a draft. A repeated call creates another one, which harms nobody. */
export async function createNotice(ports: ApiPorts, wanted: NewNotice, by: string): Promise<Creation> {
  const sender = senderAddress(wanted.from?.address, ports.senderIdentity)
  const errors = [...(sender.kind === 'refused' ? (sender.errors ?? []) : []), ...contentErrors(wanted.content)]
  if (sender.kind === 'refused' || errors.length > 0) {
    return refusal('invalid-request', 'The notice cannot be sent as it is; see errors.', errors)
  }
  const content = canonicalContent(wanted.content)
  const nowMs = ports.clock.now()
  const notice: Notice = {
    noticeId: newNoticeId(nowMs, ports.random),
    name: wanted.name,
    state: 'draft',
    run: 0,
    generation: 0,
    from: { ...(wanted.from?.name !== undefined && { name: wanted.from.name }), address: sender.address },
    ...(wanted.replyTo !== undefined && { replyTo: wanted.replyTo }),
    defaultLocale: content.defaultLocale,
    locales: Object.keys(content.variants).sort(),
    contentDigest: await ports.contents.put(content),
    inDoubtPolicy: wanted.inDoubtPolicy,
    createdBy: by,
    createdAtMs: nowMs,
    tally: emptyTally,
    pace: usualPace,
    batchesDone: 0,
    history: recorded(emptyHistory, { action: 'create', by, atMs: nowMs, run: 0 }),
  }
  await ports.notices.create(notice)
  return { kind: 'created', notice }
}

function contentErrors(content: Content): FieldError[] {
  return checkContent(content).map(({ pointer, message, line }) => ({
    pointer: `/content${pointer}`,
    detail: line === undefined ? message : `Line ${line}: ${message}`,
  }))
}

/** Sorts by day, and cannot be guessed from another. */
function newNoticeId(nowMs: number, random: Random): string {
  return `n-${isoTime(nowMs).slice(0, 10).replaceAll('-', '')}-${randomId(random, 8)}`
}
