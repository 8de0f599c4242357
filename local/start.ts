import path from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { enoughSenders } from '../functions/pacer/concurrency.ts'
import { type Lanes, lanesText } from '../functions/pacer/lanes.ts'
import { externalSes } from './runtime/simulator-process.ts'
import { DEFAULT_PORT, startLocalStack } from './stack.ts'

/** `npm start`: keeps the local stack up until Ctrl-C. */
interface StartOptions {
  readonly port: number
  readonly rate: number
  readonly latency: number
  readonly share: string
  readonly settleDelay: number
  readonly lanes: Lanes
}

const number = (least: number, most: number) => (given: string) => {
  const value = Number(given)
  if (given.trim() !== '' && value >= least && value <= most) return value
  throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`)
}

const whole = (parse: (given: string) => number) => (given: string) => {
  const value = parse(given)
  if (Number.isInteger(value)) return value
  throw new InvalidArgumentError('It must be a whole number.')
}

function lanes(given: string): Lanes {
  const { data, error } = lanesText.safeParse(given)
  if (data !== undefined) return data
  throw new InvalidArgumentError(`${error?.issues.map(({ message }) => message).join(', and ')}.`)
}

const program = new Command('npm start --')
  .description('Runs the whole of OnlyTo on this computer, until Ctrl-C')
  .option('--port <port>', 'where the API listens on 127.0.0.1', number(0, 65_535), DEFAULT_PORT)
  .option('--rate <messages a second>', 'what the simulated SES account may send', number(1, 100_000), 200)
  .option('--latency <ms>', 'the median time that the simulated SES takes', number(0, 60_000), 80)
  .option('--share <share>', 'the share of that rate to use, above 0 and at most 1', '0.9')
  .option('--settle-delay <seconds>', 'how long a message in doubt waits for its SEND event', whole(number(1, 900)), 60)
  .option('--lanes <json>', 'ceilings of mailbox providers in recipients a second: {"mail.*":5}', lanes, {})
  .action(start)

/** The slowest hundredth of the calls takes five times the median, as was seen of SES. */
const P99_PER_MEDIAN = 5

async function start({ port, rate, latency, share, settleDelay, lanes }: StartOptions): Promise<void> {
  const startedAtMs = performance.now()
  const known = new Set<string>()
  const slowestAnswerMs = latency * P99_PER_MEDIAN
  const senders = enoughSenders({ ratePerSecond: rate, slowestAnswerMs })
  const stack = await startLocalStack({
    port,
    context: {
      share,
      settleDelaySeconds: String(settleDelay),
      senderConcurrency: String(senders),
      lanes: JSON.stringify(lanes),
    },
    prewarmSenders: senders,
    ses: { maxSendRate: rate, latencyMedianMs: latency, latencyP99Ms: slowestAnswerMs },
    ...(port !== 0 && { stateDirectory: path.join(import.meta.dirname, '..', '.onlyto', String(port)) }),
    onProblem: problem => {
      if (!known.has(problem)) console.error(problem)
      known.add(problem)
    },
  })
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
  const apart = stack.apiUrl.endsWith(`:${DEFAULT_PORT}`) ? '' : ` --api ${stack.apiUrl}`
  console.log(`OnlyTo runs on this computer (started in ${seconds} s); nothing leaves it. Ctrl-C ends it.

  API    ${stack.apiUrl}
  SES    ${stack.sesUrl}${externalSes() === undefined ? ' (simulated; GET /_simulator/stats there says what it got)' : ''}
  logs   ${path.relative(process.cwd(), stack.logsDirectory)}

Send the first notice from another terminal:

  npx onlyto send examples/index-change --audience examples/customers.csv${apart}
`)
}

try {
  await program.parseAsync()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
