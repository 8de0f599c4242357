import { quotaFreeAfterMs } from './account-life.ts'
import type { Evidence, Sample } from './checkers/evidence.ts'
import { createFaults } from './faults.ts'
import { createHistory } from './history.ts'
import { type OperatedNotice, operate, type PutUpload } from './notice-script.ts'
import { operatorLine } from './operator.ts'
import type { Plants } from './plants.ts'
import type { World } from './process.ts'
import { stack } from './rooms.ts'
import { drawScenario, longestSendingMs, type Scenario } from './scenario.ts'
import { createScheduler, START_MS } from './scheduler.ts'
import { seededRandom } from './seeded-random.ts'
import { deploy } from './stack.ts'

/** From the end of the faults on, every notice must be finished within this and the time that its rate takes. */
const LIVENESS_MS = 10 * 60_000
/** After the last notice, for events that are late and counts that they change. */
const AFTERMATH_MS = 420_000

/** How often the tables are looked at while notices are being sent. */
const SAMPLES = 2

export interface SeedOptions {
  readonly plants?: Plants
  readonly change?: (scenario: Scenario) => Scenario
}

/** Runs one seed from its first request to the last late event, and gives what the checkers judge. */
export async function runSeed(
  seed: string,
  { plants = {}, change = scenario => scenario }: SeedOptions = {},
): Promise<Evidence> {
  const scenario = change(drawScenario(seed))
  const random = seededRandom(seed)
  const scheduler = createScheduler(random.fork('scheduler'))
  const history = createHistory()
  const faults = createFaults(scenario.weights, { random: random.fork('fault-draws'), history, scheduler })
  const world: World = { scheduler, history, faults, random }
  const note = (text: string) => history.add({ kind: 'note', atMs: scheduler.now(), text })
  const { aws, api, feedbackIsIdle, senderIsIdle } = deploy(world, scenario, plants)
  const line = operatorLine(world, api)

  const putUpload: PutUpload = async (url, headers, file) => {
    await line.sleep(random.between(20, 200))
    const { pathname, search } = new URL(url)
    const request = { service: 's3', method: 'PUT', path: pathname + search, headers, body: Buffer.from(file) } as const
    return aws.services.s3(request).status === 200
  }

  const operated: OperatedNotice[] = scenario.notices.map(planned => ({
    planned,
    noticeId: undefined,
    finished: false,
  }))
  const scripts = operated.map((notice, number) =>
    operate({ world, line, putUpload, random: random.fork(`operator/${number}`) }, notice),
  )
  const unawaited: string[] = []
  const hear = (error: unknown) => void unawaited.push(String(error))
  process.on('unhandledRejection', hear)
  let failure: { readonly error: unknown } | undefined
  for (const script of scripts) {
    script.catch((error: unknown) => {
      failure ??= { error }
    })
  }
  const over = () => failure !== undefined || operated.every(({ finished }) => finished)

  const tables = () => ({
    notices: [...aws.tables.items(stack.noticesTable)],
    deliveries: [...aws.tables.items(stack.deliveriesTable)],
  })
  const samples: Sample[] = []
  for (let sample = 0; sample < SAMPLES; sample++) {
    scheduler.after(random.between(0, scenario.safetyMs), () => {
      samples.push({ atMs: scheduler.now(), ...tables() })
      return false
    })
  }

  const safetyEndMs = scheduler.now() + scenario.safetyMs
  await scheduler.run(over, safetyEndMs)
  faults.end()
  note('faults end')
  const faultsEndedAtMs = scheduler.now()
  const freeMs = Math.max(0, START_MS + quotaFreeAfterMs(scenario.account) - faultsEndedAtMs)
  await scheduler.run(over, faultsEndedAtMs + freeMs + LIVENESS_MS + longestSendingMs(scenario))
  const ended = operated.every(({ finished }) => finished)
  const finishedAtMs = scheduler.now()
  note(ended ? 'every notice is finished' : 'a notice is not finished in time')
  await scheduler.run(() => false, scheduler.now() + AFTERMATH_MS)
  await scheduler.run(() => feedbackIsIdle() && senderIsIdle(), scheduler.now() + AFTERMATH_MS)
  process.off('unhandledRejection', hear)
  if (failure !== undefined) throw failure.error
  return {
    scenario,
    history,
    faultCounts: faults.counts(),
    faultsEndedAtMs,
    finishedAtMs,
    endedAtMs: scheduler.now(),
    ended,
    operated,
    ...tables(),
    samples,
    unawaited,
    accepted: aws.ses.accepted,
    quotaUses: aws.ses.quotaUses,
    deadLetters: [aws.batches, aws.laneBatches, aws.events].reduce(
      (sum, of) => sum + of.deadLetters.messages().length,
      0,
    ),
    happened: scheduler.happened(),
  }
}
