import type { ProblemAnswer } from './api-answers.ts'
import { gatewayAnswer, problemAnswer } from './api-answers.ts'
import { CommandFailure, PassingFailure } from './command-failure.ts'
import { commandLine } from './command-line.ts'
import { chosenPercent, count, counted } from './figures.ts'
import { CAUSE, writeLeak, writeRejections } from './leak-text.ts'
import { paceWords } from './pace-options.ts'

/** A call that was answered with something else than success. */
export interface RefusedCall {
  readonly baseUrl: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly body: object | undefined
}

/** A refusal in the API's words, and what to do about it in those of the command line. */
export function apiRefusal(call: RefusedCall, content: unknown): CommandFailure {
  const problem = problemAnswer.safeParse(content).data ?? {}
  const { what, details } = inOwnWords(call, problem) ?? asSaid(call, problem, content)
  const Failure = call.status === 429 || call.status >= 500 ? PassingFailure : CommandFailure
  return new Failure(`${what} (${call.method} ${call.path}: HTTP ${call.status})`, details)
}

interface Said {
  readonly what: string
  readonly details: readonly string[]
}

function asSaid(call: RefusedCall, { title, detail, errors = [] }: ProblemAnswer, content: unknown): Said {
  const what = detail ?? title ?? gatewayAnswer.safeParse(content).data ?? 'The API refused.'
  const faults = errors.flatMap(({ pointer, parameter, detail: fault, remedy }) => [
    [pointer ?? parameter, fault].filter(part => part !== undefined && part !== '').join(': '),
    ...(remedy === undefined ? [] : [`  ${remedy}`]),
  ])
  return { what, details: [...faults, ...hintFor(call)] }
}

function hintFor({ baseUrl, status }: RefusedCall): string[] {
  if (status === 404) return [`To list the notices:  ${commandLine(baseUrl, 'notices')}`]
  if (status !== 401 && status !== 403) return []
  return ['Check which AWS credentials are in use (aws sts get-caller-identity) and that they may call this API.']
}

/** Refusals whose remedy is another command line. */
function inOwnWords(call: RefusedCall, problem: ProblemAnswer): Said | undefined {
  switch (problem.type) {
    case 'urn:onlyto:problem:quota-too-small':
      return quotaTooSmall(call, problem)
    case 'urn:onlyto:problem:share-too-large':
      return shareTooLarge(call, problem)
    case 'urn:onlyto:problem:leak-not-confirmed':
      return leakNotConfirmed(call, problem)
    case 'urn:onlyto:problem:lanes-changed':
      return lanesChanged(call, problem)
    default:
      return undefined
  }
}

function quotaTooSmall(call: RefusedCall, problem: ProblemAnswer): Said | undefined {
  const { needed, fitsToday, quota, share, sentLast24Hours = 0, pendingElsewhere = 0, days } = problem
  if (needed === undefined || fitsToday === undefined || quota === undefined || share === undefined) return undefined
  const verb = fitsToday === 1 ? 'fits' : 'fit'
  const others = pendingElsewhere === 0 ? '' : `, and other notices still have ${count(pendingElsewhere)} to go`
  const spread = paceWords({ ...call.body, overDays: true })
  return {
    what: `${counted(needed, 'recipient')} to send to, and ${count(fitsToday)} ${verb} into the account's 24-hour quota now.`,
    details: [
      `The quota is ${count(quota)}, of which this notice may use ${chosenPercent(share)}; ${count(sentLast24Hours)} were sent in the last 24 hours${others}.`,
      ...(days === undefined ? [] : [`To send it over about ${days} days:  ${again(call, spread)}`]),
      'To send it at once, ask AWS for a larger sending quota of SES, or send to fewer.',
    ],
  }
}

function shareTooLarge(call: RefusedCall, { share, stackShare }: ProblemAnswer): Said | undefined {
  if (share === undefined || stackShare === undefined) return undefined
  return {
    what: `--share ${share} is more than the stack may use of the account: ${stackShare}.`,
    details: [
      `With as much as it may, or leave --share out:  ${again(call, paceWords({ ...call.body, share: stackShare }))}`,
      'The rest is for other mail of the account; a deployment with a larger -c share=… would take it away.',
    ],
  }
}

function lanesChanged({ baseUrl }: RefusedCall, { title, errors = [] }: ProblemAnswer): Said {
  return {
    what: `${title ?? 'The lanes of the stack have changed'}.`,
    details: [
      ...errors.map(({ detail }) => detail),
      `To upload it under the present ones, send the notice anew:  ${commandLine(baseUrl, 'send NOTICE_DIR --audience FILE')}`,
    ],
  }
}

function leakNotConfirmed(call: RefusedCall, { leak, rejections = [] }: ProblemAnswer): Said {
  const { baseUrl, body = {} } = call
  const [, noticeId = 'ID'] = /^\/notices\/([^/]+)\//.exec(call.path) ?? []
  const rejected = 'rejected' in body ? ['--rejected'] : []
  const options = [paceWords(body), ...rejected, `--after-leak ${CAUSE}`].filter(words => words !== '').join(' ')
  return {
    what: 'The leak guard refused messages of this notice, and nobody has said why it is safe to go on.',
    details: [
      ...[...(leak === undefined ? [] : [writeLeak(leak)]), ...writeRejections(rejections)].flatMap(indented),
      `Whose messages they were:  ${commandLine(baseUrl, `who ${decodeURIComponent(noticeId)} --fate rejected`)}`,
      `When the cause is found and mended, with its description for the history:  ${again(call, options)}`,
    ],
  }
}

const indented = (text: string) => text.split('\n')

/** The command that made the call, with other options. */
function again({ baseUrl, path }: RefusedCall, options: string): string {
  const [, noticeId = 'ID', action = 'start'] = /^\/notices\/([^/]+)\/(\w+)$/.exec(path) ?? []
  return commandLine(baseUrl, `${action} ${decodeURIComponent(noticeId)} ${options}`)
}
