import { count, duration } from '../../cli/figures.ts'
import { BATCH_SIZE } from '../../functions/recipient/recipient.ts'
import { BATCHES_PER_CALL } from '../../functions/sender/concurrency.ts'
import { LEASE_MS, SLOT_LATENESS_MS } from '../../functions/sender/ports.ts'
import type { CaseResult } from './case-result.ts'
import type { Table } from './cases.ts'
import type { MeasuredCase } from './kept-results.ts'
import { latencies, wayToSes } from './latencies.ts'
import { BUCKET_DEPTH_SECONDS } from './ses-limit.ts'
import { comparedColumns, disturbedColumns, handsColumns, laneRows, plainColumns, tableOf } from './tables.ts'

/** docs/performance.md: every figure is of the run that wrote it. */
export function performancePage(results: readonly MeasuredCase[], recipients: number): string {
  const of = (...tables: readonly Table[]) => results.filter(({ planned }) => tables.includes(planned.table))
  return [
    introduction(results, recipients),
    section('Plain', plainText, of('plain'), chosen => tableOf(chosen, plainColumns)),
    section('Disturbed', disturbedText, of('disturbed'), chosen => tableOf(chosen, disturbedColumns)),
    section(
      'Lanes',
      lanesText,
      results.filter(({ lanes }) => lanes.length > 0),
      laneRows,
    ),
    section('Side by side', comparedText, sideBySide(of('plain', 'compared')), chosen =>
      tableOf(chosen, comparedColumns),
    ),
    section('Enough hands', handsText, of('hands'), chosen => tableOf(chosen, handsColumns)),
    settings(results),
  ]
    .filter(text => text !== '')
    .join('\n\n')
    .concat('\n')
}

function section(
  heading: string,
  text: string,
  results: readonly CaseResult[],
  table: (results: readonly CaseResult[]) => string,
): string {
  return results.length === 0 ? '' : `## ${heading}\n\n${text}\n\n${table(results)}`
}

/** By rate, and in it the most used first. */
function sideBySide(results: readonly CaseResult[]): readonly CaseResult[] {
  return results.toSorted((a, b) => a.planned.ratePerSecond - b.planned.ratePerSecond || b.utilisation - a.utilisation)
}

function introduction(results: readonly MeasuredCase[], recipients: number): string {
  const sum = (of: (result: CaseResult) => number) => results.reduce((total, result) => total + of(result), 0)
  const commits = [...new Set(results.map(({ commit }) => commit))]
  return `# Performance

Made by a command, and by nobody's hand:

\`\`\`sh
npm run bench:performance
\`\`\`

sends notices to ${count(recipients)} recipients in virtual time: the five functions with their real adapters and the real AWS SDK, over
simulated SQS, DynamoDB, S3, Lambda and SES, which answer after a time that is drawn for each call. ${results.length} runs,
${duration(sum(({ lastSeconds }) => lastSeconds))} of virtual time, took ${duration(sum(({ processorSeconds }) => processorSeconds))} of processor time, at ${commits.length === 1 ? 'commit' : 'commits'} ${commits.join(', ')}. The same code gives the same figures again.

- **N / rate** is what the limit alone takes, less what others send; **makespan** runs from the call that starts the notice to the last acceptance.
- **Utilisation** is measured at SES from the first acceptance to the last: accepted, of all that the account granted then and others
  did not use.
- **Idle** is the time of a sender in which no call of it was in flight; **billed** is all of its time.
- **first, median, p99, last**: when so many of the recipients had been accepted, from the start.

Where virtual time flatters: computing costs nothing in it, so a sender is never late because its processor is busy, and
no service has a bad day. What real processors reach is measured live (\`npm run demo\`, \`bench/pace.ts\`); what faults do,
in [proofs.md](proofs.md).`
}

const plainText = 'Nothing disturbs. As many senders as the formula gives (`enoughSenders`).'

const disturbedText = `All at a limit of 1,000/s. "Others" are other systems of the account, which send at random moments. Where the limit changes, N / rate
counts with what was granted when; with lanes it is what the longest of them takes where that is more, and the
utilisation ends with the last of those who are in no lane. Killed senders die in the middle of what they do; their batches come back once the lease
has ended and the doubt has settled, which is what the makespan then ends with.`

const lanesText =
  'Measured at SES: a second may begin just before a slot and end just after one, and the way to SES moves slots by some milliseconds.'

const comparedText = `The same limit, the same latency, the same recipients. "A fixed share each": seven senders with a seventh of the rate each, either
one call at a time or a batch without waiting, and then all of its answers. "One message an invocation of a second": as
many invocations at once as the limit has messages a second, at most 1,000.
Whoever is throttled there tries again for ever, a second later; in truth such messages get lost. Billed is what Lambda would bill if they were Lambdas.`

const handsText = 'Utilisation and waiting with fewer and with more senders than the formula gives.'

function settings(results: readonly CaseResult[]): string {
  const memory = Math.max(...results.map(({ memoryMb }) => memoryMb))
  const services = Object.entries(latencies).map(
    ([service, { latencyMedianMs, latencyP99Ms }]) => `${service} ${latencyMedianMs}/${latencyP99Ms} ms`,
  )
  return `## Settings

- Share of the rate: 1, where nothing else is said. Batches of ${BATCH_SIZE}, ${BATCHES_PER_CALL} a call; lease ${LEASE_MS / 1000} s, settle delay 60 s; a slot is given up
  ${SLOT_LATENESS_MS} ms late.
- From request to answer, median and 99th percentile, log-normal: ${services.join(', ')}.
  The way to SES's limit takes ${wayToSes.latencyMedianMs}/${wayToSes.latencyP99Ms} ms of its own. Timers fire up to 1 ms late; clocks agree.
- SES's limit is a token bucket of ${BUCKET_DEPTH_SECONDS} s, two tokens at the least, as in \`local/ses-simulator/\`.
- Lambda calls five senders at once from the queue, and five more each second: so it is for whoever is behind a queue.
- SEND events come back where senders are killed, as they settle doubts; elsewhere they would only take time. The largest run took ${Math.round(memory)} MB.
- Fewer recipients, and only a part of the cases: \`npm run bench:performance -- --recipients 20000 --only plain\`. It fails
  where a plain run uses less than 99 % of its limit, is throttled, or leaves anybody out.`
}
