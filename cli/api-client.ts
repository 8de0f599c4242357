import type * as z from 'zod'
import {
  audienceAnswer,
  begunAnswer,
  historyAnswer,
  noticeAnswer,
  noticesAnswer,
  previewAnswer,
  reportAnswer,
  retryAnswer,
  statusAnswer,
  stopAllAnswer,
  stopAnswer,
  uploadAnswer,
} from './api-answers.ts'
import { apiRefusal } from './api-refusal.ts'
import { CommandFailure, PassingFailure } from './command-failure.ts'
import { deliveriesAnswer, lookUpAnswer, recipientsLinkAnswer } from './delivery-answers.ts'
import { estimateAnswer } from './estimate-answers.ts'
import type { NewNotice } from './notice-directory.ts'
import type { AfterLeak, PaceOptions } from './pace-options.ts'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export type ApiClient = ReturnType<typeof createApiClient>

/** OnlyTo's HTTP API, typed. Every answer is parsed; a refusal becomes a CommandFailure with the API's own words. */
export function createApiClient(baseUrl: string, fetch: Fetch) {
  async function call<Answer extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    answer: Answer,
    body?: object,
    signal?: AbortSignal,
  ): Promise<z.output<Answer>> {
    const content = body === undefined ? {} : { body: JSON.stringify(body), headers: jsonHeaders }
    const request = { method, ...content, ...(signal && { signal }) }
    const response = await fetch(`${baseUrl}${path}`, request).catch((error: unknown) => {
      throw error instanceof CommandFailure ? error : unreachable(baseUrl, error)
    })
    const answered = parseJson(await response.text())
    if (!response.ok) throw apiRefusal({ baseUrl, method, path, status: response.status, body }, answered)
    const parsed = answer.safeParse(answered)
    if (parsed.success) return parsed.data
    const faults = parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`)
    throw new CommandFailure(`${method} ${path} at ${baseUrl} was not answered as OnlyTo's API would.`, [
      ...faults,
      'Check that the address is that of OnlyTo, and that the stack there is as new as this program.',
    ])
  }
  const of = (noticeId: string) => `/notices/${encodeURIComponent(noticeId)}`
  return {
    baseUrl,
    listNotices: async () => (await call('GET', '/notices', noticesAnswer)).notices,
    createNotice: (notice: NewNotice) => {
      const { defaultLocale: _, ...rest } = notice
      return call('POST', '/notices', noticeAnswer, rest)
    },
    readNotice: (noticeId: string) => call('GET', of(noticeId), noticeAnswer),
    expectAudience: (noticeId: string) => call('POST', `${of(noticeId)}/audience`, uploadAnswer, {}),
    readAudience: (noticeId: string) => call('GET', `${of(noticeId)}/audience`, audienceAnswer),
    preview: (noticeId: string, locale: string) => call('POST', `${of(noticeId)}/preview`, previewAnswer, { locale }),
    approve: (noticeId: string) => call('POST', `${of(noticeId)}/approve`, noticeAnswer, {}),
    start: (noticeId: string, pace: PaceOptions = {}) => call('POST', `${of(noticeId)}/start`, begunAnswer, pace),
    stop: (noticeId: string) => call('POST', `${of(noticeId)}/stop`, stopAnswer, {}),
    stopAll: () => call('POST', '/stop', stopAllAnswer, {}),
    resume: (noticeId: string, order: PaceOptions & Pick<AfterLeak, 'afterLeak'> = {}) =>
      call('POST', `${of(noticeId)}/resume`, begunAnswer, order),
    retry: (noticeId: string, order: PaceOptions & AfterLeak = {}) =>
      call('POST', `${of(noticeId)}/retry`, retryAnswer, order),
    readStatus: (noticeId: string) => call('GET', `${of(noticeId)}/status`, statusAnswer),
    readReport: (noticeId: string) => call('GET', `${of(noticeId)}/report`, reportAnswer),
    readHistory: (noticeId: string) => call('GET', `${of(noticeId)}/history`, historyAnswer),
    readEstimate: (noticeId: string, query: Readonly<Record<string, string>> = {}, signal?: AbortSignal) =>
      call('GET', `${of(noticeId)}/estimate${search(query)}`, estimateAnswer, undefined, signal),
    listDeliveries: (noticeId: string, query: Readonly<Record<string, string>>) =>
      call('GET', `${of(noticeId)}/deliveries${search(query)}`, deliveriesAnswer),
    requestRecipientsLink: (noticeId: string) =>
      call('POST', `${of(noticeId)}/recipients-link`, recipientsLinkAnswer, {}),
    lookUp: (noticeId: string, address: string, from?: string) =>
      call('POST', `${of(noticeId)}/look-up`, lookUpAnswer, { address, ...(from !== undefined && { from }) }),
  }
}

const search = (query: Readonly<Record<string, string>>) => {
  const text = new URLSearchParams(query).toString()
  return text === '' ? '' : `?${text}`
}

const jsonHeaders = { 'content-type': 'application/json' }

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unreachable(baseUrl: string, error: unknown): CommandFailure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  return new PassingFailure(`No OnlyTo answers at ${baseUrl} (${reason}).`, [
    'Start the local stack in another terminal with:  npm start',
    'For a deployed stack, give its address with --api URL or in ONLYTO_API.',
  ])
}
