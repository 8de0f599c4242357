import { parseArgs } from 'node:util'
import { InspectedMail } from '../functions/leak-guard/inspected-mail.ts'
import { addressesOfNotice } from '../functions/leak-guard/leak-guard.ts'
import { compileContent, renderMessage } from '../functions/rendering/render.ts'
import { mailRequest } from '../functions/ses/mail-request.ts'
import { customerOf, realisticContent, sender, support } from './guard/realistic-notice.ts'

/**
 * `npm run bench:guard [-- --messages N --at-most µs]`: CPU time that the leak guard takes for a message of a usual kind, beside what
 * rendering it takes. Exit status 1 when the median is above the bound, or a message is refused.
 */
const { values } = parseArgs({
  options: { messages: { type: 'string', default: '5000' }, 'at-most': { type: 'string' } },
})
const messages = Number(values.messages)
/** The machine does other things too: the round that was disturbed least counts. */
const ROUNDS = 5
/** Reading the clock of the CPU takes as long as a message or two. */
const BATCH = 100
const WARM_UP = 1_000

const compiled = compileContent(realisticContent)
const variant = realisticContent.variants['en']
const noticeAddresses = addressesOfNotice([
  sender,
  support,
  variant?.subject ?? '',
  variant?.text ?? '',
  variant?.html ?? '',
])

function made(row: number) {
  const customer = customerOf(row)
  const rendering = renderMessage(compiled, customer)
  if (rendering.kind === 'failed') throw new Error(rendering.reason)
  const { subject, text, html } = rendering
  writtenOut(html)
  writtenOut(text)
  const tags = { notice: 'n-4v7h2k', batch: row, attempt: 1, recipient: 'q3Zk0Xv9b1LmT7wRcY2dPf' }
  const from = { name: 'Example Exchange', address: sender }
  return mailRequest({
    from,
    to: customer.address,
    replyTo: support,
    subject,
    text,
    html,
    tags,
    configurationSet: 'onlyto',
  })
}

/** V8 puts off joining the pieces of a text until somebody reads it, which is a part of rendering. */
function writtenOut(text: string): number {
  return text.indexOf('\0')
}

function inspected(row: number, request: ReturnType<typeof made>): void {
  const verdict = InspectedMail.inspect(request, { recipient: customerOf(row).address, noticeAddresses })
  if (verdict.kind === 'refused') throw new Error(`refused: ${verdict.rule} in ${verdict.field}: ${verdict.excerpt}`)
}

/** CPU microseconds a message, for each batch of messages in turn. What is made ready for a batch is not counted. */
function measured<Ready>(ready: (row: number) => Ready, work: (row: number, ready: Ready) => void): readonly number[] {
  const times: number[] = []
  for (let row = 0; row < messages + WARM_UP; row += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, index) => ready(row + index))
    const before = process.cpuUsage()
    for (const [index, made] of batch.entries()) work(row + index, made)
    const { user, system } = process.cpuUsage(before)
    if (row >= WARM_UP) times.push((user + system) / BATCH)
  }
  return times.sort((a, b) => a - b)
}

const at = (sorted: readonly number[], share: number) => sorted[Math.floor(sorted.length * share)] ?? 0

const leastDisturbed = (rounds: readonly (readonly number[])[]) =>
  rounds.toSorted((a, b) => at(a, 0.5) - at(b, 0.5))[0] ?? []

const rounds = Array.from({ length: ROUNDS }, () => ({
  rendering: measured(() => undefined, made),
  guard: measured(made, inspected),
}))
const rendering = leastDisturbed(rounds.map(round => round.rendering))
const guard = leastDisturbed(rounds.map(round => round.guard))
const { Html, Text } = made(0).Content.Simple.Body
console.log(
  `a message: ${Html.Data.length} characters of HTML, ${Text.Data.length} of text; the best of ${ROUNDS} rounds of ${messages}`,
)
console.log(`rendering  median ${at(rendering, 0.5).toFixed(1)} µs   p99 ${at(rendering, 0.99).toFixed(1)} µs`)
console.log(`the guard  median ${at(guard, 0.5).toFixed(1)} µs   p99 ${at(guard, 0.99).toFixed(1)} µs`)
console.log(`the guard takes ${(at(guard, 0.5) / at(rendering, 0.5)).toFixed(1)} times what rendering takes`)
const bound = Number(values['at-most'] ?? Number.POSITIVE_INFINITY)
if (at(guard, 0.5) > bound) {
  console.error(`The median is above ${bound} µs.`)
  process.exitCode = 1
}
