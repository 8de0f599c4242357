import { createMiddleware } from 'hono/factory'
import { answerProblem } from './problem-response.ts'
import { refusal } from './problems.ts'

/** A notice in two hundred locales, with room to spare; Lambda takes 6 MB, and with it what API Gateway adds. */
export const BODY_BYTES_MAX = 4 * 1024 ** 2

/** Before a body is validated: it is not too large, has the right media type and is JSON. An empty body counts as none. */
export const requireJson = createMiddleware(async (c, next) => {
  const text = await c.req.text()
  if (text === '') c.req.raw.headers.delete('content-type')
  const refused =
    text === '' ? undefined : (sizeFault(text) ?? mediaTypeFault(c.req.header('content-type')) ?? syntaxFault(text))
  return refused === undefined ? next() : answerProblem(c, refused)
})

function sizeFault(text: string) {
  const bytes = Buffer.byteLength(text)
  if (bytes <= BODY_BYTES_MAX) return undefined
  const detail = `The body has ${bytes} bytes, at most ${BODY_BYTES_MAX} are allowed. Recipients are uploaded as an audience, not sent in a body; shorten what the notice says.`
  return refusal('body-too-large', detail)
}

function mediaTypeFault(contentType = '') {
  if (/^application\/json\s*(;|$)/i.test(contentType)) return undefined
  // Of a header that the client chose, no more than could be a media type.
  const named = /^[a-z]{1,20}\/[a-z0-9.+-]{1,40}(?=\s*(?:;|$))/i.exec(contentType)?.[0] ?? 'of no known type'
  const detail = `The body is ${named}. Send JSON with content-type: application/json.`
  return refusal('unsupported-media-type', detail)
}

function syntaxFault(text: string) {
  const fault = jsonFault(text)
  if (fault === undefined) return undefined
  const detail = `The body stops being JSON at line ${fault.line}, column ${fault.column}. Mend it there.`
  return refusal('malformed-json', detail)
}

/** Where a text stops being JSON, counted from 1; undefined when it is JSON. */
export function jsonFault(text: string): { line: number; column: number } | undefined {
  if (!parseFails(text)) return undefined
  let [sound, broken] = [0, text.length + 1]
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2)
    if (canContinue(text.slice(0, middle))) sound = middle
    else broken = middle
  }
  const before = text.slice(0, sound)
  return { line: before.split('\n').length, column: sound - before.lastIndexOf('\n') }
}

/** Whether a text is the beginning of some JSON: then V8 misses something at its end, and only there. */
function canContinue(text: string): boolean {
  const message = parseFails(text)
  if (message === undefined || message.includes('end of JSON input')) return true
  const position = / at position (\d+)/.exec(message)?.[1]
  return position !== undefined && Number(position) >= text.length
}

function parseFails(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
