import { Logger } from '@aws-lambda-powertools/logger'
import type { LogAttributes } from '@aws-lambda-powertools/logger/types'
import type { Context } from 'aws-lambda'

/** Facts beside a message: ids, counts, codes. Never a recipient's address, name or variable. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

/** What handlers and decisions may say. A port, so that tests and the simulator can listen. */
export interface Log {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields, cause?: unknown): void
}

export interface LambdaLog extends Log {
  /** Adds the function's name, its request id and whether it started cold to every later line. */
  addContext(context: Context): void
}

/**
 * One JSON object a line on stdout, as CloudWatch wants it. Whatever looks like an e-mail address is replaced, also inside
 * the messages and stacks of other people's errors: SES, for one, quotes the address that it refuses.
 */
export function createLogger(serviceName: string): LambdaLog {
  const logger = new Logger({
    serviceName,
    jsonReplacerFn: (_, value) => (typeof value === 'string' ? withoutAddresses(value) : value),
  })
  const attributes = (fields: LogFields, error?: unknown): LogAttributes =>
    error === undefined ? { ...fields } : { ...fields, error: asError(error) }
  return {
    info: (message, fields = {}) => logger.info(message, attributes(fields)),
    warn: (message, fields = {}) => logger.warn(message, attributes(fields)),
    error: (message, fields = {}, cause) => logger.error(message, attributes(fields, cause)),
    addContext: context => logger.addContext(context),
  }
}

/** A log that nobody reads. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** As written, in wide characters, in a URL (nested too), as an entity and as an escape of JSON. */
const AT = String.raw`(?:[@\uFF20\uFE6B]|%(?:25){0,4}40|&#0{0,4}64;?|&#[xX]0{0,4}40;?|&commat;|\\u0040)`
/** A quoted part before it, or whatever is no delimiter. After a slash `@` is a package's scope in a stack, not an address. */
const LOCAL = String.raw`(?:"[^"\n]{1,64}"|[^\s"<>()@,;]{0,256}[^\s"<>()@,;/])`
/** The bounds keep the search linear. */
const ADDRESS = new RegExp(String.raw`${LOCAL}${AT}[^\s"<>()@,;:]+`, 'g')
const MAY_HOLD_ONE = new RegExp(AT)
/** What has neither is no address: an excerpt of the leak guard, in which they are masked, stays as it is. */
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u

export function withoutAddresses(text: string): string {
  if (!MAY_HOLD_ONE.test(text)) return text
  return text.replace(ADDRESS, found => (LETTER_OR_DIGIT.test(found) ? '[address]' : found))
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause))
}
