import * as z from 'zod'
import type { OperatorLine } from '../../test/simulation/operator.ts'

/** A small mail, as the words of a notice cost the same everywhere. */
const content = {
  defaultLocale: 'en',
  variants: {
    en: {
      subject: 'Index change',
      text: 'Dear {{name}},\nthe index changes on Monday.',
      html: '<p>Dear {{name}},</p><p>the index changes on Monday.</p>',
    },
  },
} as const

const POLL_MS = 2_000
const noticeSchema = z.object({ noticeId: z.string(), state: z.string() })
const uploadSchema = z.object({ upload: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }) })
const audienceSchema = z.object({ state: z.string() })
const reportSchema = z.object({
  accepted: z.number(),
  pending: z.number(),
  sentAgain: z.number(),
  throttles: z.number(),
  utilisation: z.number().optional(),
})
export type NoticeReport = z.infer<typeof reportSchema>

/** An operator sends one notice through the API, from its draft to its report. */
export async function sendNotice(
  line: OperatorLine,
  upload: (url: string, headers: Readonly<Record<string, string>>) => void,
  onStart: () => void,
): Promise<NoticeReport> {
  async function ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    const answer = await line.call(method, path, body)
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`)
    return answer.body
  }

  const draft = { name: 'Index change', inDoubtPolicy: 'resend', content }
  const { noticeId } = noticeSchema.parse(await ask('POST', '/notices', draft))
  const link = uploadSchema.parse(await ask('POST', `/notices/${noticeId}/audience`)).upload
  upload(link.url, link.headers)
  let audience = ''
  while (audience !== 'ready') {
    await line.sleep(POLL_MS)
    audience = audienceSchema.parse(await ask('GET', `/notices/${noticeId}/audience`)).state
    if (audience === 'refused') throw new Error('The audience was refused')
  }
  await ask('POST', `/notices/${noticeId}/approve`)
  onStart()
  await ask('POST', `/notices/${noticeId}/start`)
  let state = 'sending'
  while (state === 'sending') {
    await line.sleep(POLL_MS)
    state = noticeSchema.parse(await ask('GET', `/notices/${noticeId}/status`)).state
  }
  if (state !== 'finished') throw new Error(`The notice is ${state}`)
  return reportSchema.parse(await ask('GET', `/notices/${noticeId}/report`))
}
