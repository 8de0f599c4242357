import { quietLife } from '../../test/simulation/account-life.ts'
import { createFaults } from '../../test/simulation/faults.ts'
import type { History } from '../../test/simulation/history.ts'
import { operatorLine } from '../../test/simulation/operator.ts'
import type { World } from '../../test/simulation/process.ts'
import type { Scenario } from '../../test/simulation/scenario.ts'
import { createScheduler } from '../../test/simulation/scheduler.ts'
import { type SeededRandom, seededRandom } from '../../test/simulation/seeded-random.ts'
import type { VirtualUsage } from '../cost/metered-services.ts'
import { type CaseResult, resultOf } from './case-result.ts'
import type { PerformanceCase } from './cases.ts'
import { sendNotice } from './send-notice.ts'
import { sendOtherwise } from './send-otherwise.ts'
import { type SenderTimes, senderTimes } from './sender-times.ts'
import { type SesLimit, sesLimit } from './ses-limit.ts'
import { audienceOf, laneOfAddress } from './virtual-audience.ts'
import { deployVirtually } from './virtual-stack.ts'

/** A run that takes longer than this in virtual time has lost its way. */
const LONGEST_MS = 7 * 86_400_000

/** Keeps nothing of what happens but what went wrong by itself: half a million messages would not fit. */
function forgetfulHistory(): History & { readonly errors: string[] } {
  const errors: string[] = []
  return {
    entries: [],
    errors,
    add: entry => {
      if (entry.kind === 'log' && entry.level === 'error') errors.push(`${entry.process}: ${entry.text}`)
      return entry
    },
  }
}

/** Runs one case from the operator's first request to the end of the notice, and measures it at SES. */
export async function runCase(planned: PerformanceCase): Promise<CaseResult> {
  const random = seededRandom(`${planned.name}/${planned.ratePerSecond}`)
  const scheduler = createScheduler(random.fork('scheduler'))
  const history = forgetfulHistory()
  const faults = createFaults({}, { random: random.fork('faults'), history, scheduler })
  const world: World = { scheduler, history, faults, random }
  const limit = sesLimit(planned.ratePerSecond, scheduler.now)
  const times = senderTimes(scheduler.now)
  const stage: Stage = {
    planned,
    world,
    limit,
    times,
    killed: 0,
    startedMs: scheduler.now(),
    usage: planned.metered ? {} : undefined,
  }

  let over = false
  const work = planned.way.kind === 'onlyto' ? sendByProduct(stage) : sendByOthers(stage)
  const ended = work.finally(() => {
    over = true
  })
  ended.catch(() => {})
  if (planned.others > 0) sendOfOthers(stage, random.fork('others'), () => over)
  const how = await scheduler.run(() => over, scheduler.now() + LONGEST_MS)
  if (how !== 'done') throw new Error(`${planned.name} did not end (${how}). ${history.errors.slice(0, 5).join('; ')}`)
  return resultOf({ ...stage, sent: await ended, errors: history.errors })
}

interface Stage {
  readonly planned: PerformanceCase
  readonly world: World
  readonly limit: SesLimit
  readonly times: SenderTimes
  killed: number
  startedMs: number
  readonly usage: VirtualUsage | undefined
}

async function sendByProduct(stage: Stage) {
  const { planned, world, limit, times } = stage
  const { aws, api, endBilling } = deployVirtually(world, {
    scenario: scenarioOf(planned),
    limit,
    times,
    laneOf: laneOfAddress(planned.lanes),
    livesMs: killer(stage),
    onKilled: () => {
      stage.killed++
    },
    events: planned.metered ? ['Send', 'Delivery'] : planned.killed > 0 ? ['Send'] : [],
    usage: stage.usage,
    onAccepted: count => {
      if (planned.rateHalfWay !== undefined && count === Math.floor(planned.recipients / 2)) {
        limit.grant(planned.rateHalfWay)
      }
    },
  })
  const upload = (url: string, headers: Readonly<Record<string, string>>) => {
    const { pathname, search } = new URL(url)
    const body = Buffer.from(audienceOf(planned))
    aws.services.s3({ service: 's3', method: 'PUT', path: pathname + search, headers, body })
  }
  const report = await sendNotice(operatorLine(world, api), upload, () => {
    stage.startedMs = world.scheduler.now()
  })
  endBilling()
  return { ...times.totals(), report, usage: stage.usage }
}

async function sendByOthers({ planned, world, limit }: Stage) {
  const { way, recipients } = planned
  if (way.kind === 'onlyto') throw new TypeError('The product is no other')
  const random = world.random.fork('otherwise')
  const billedMs = await sendOtherwise(way, { scheduler: world.scheduler, random, limit, recipients })
  return { billedMs, idleMs: undefined, invocations: undefined, report: undefined, usage: undefined }
}

/** Other systems of the account send at random moments, and do not mind being throttled. */
function sendOfOthers(
  { planned, world: { scheduler }, limit }: Stage,
  random: SeededRandom,
  over: () => boolean,
): void {
  const meanMs = 1000 / (planned.ratePerSecond * planned.others)
  const next = () =>
    scheduler.after(-Math.log(1 - random.next()) * meanMs, () => {
      if (over()) return false
      limit.takeOther()
      next()
      return false
    })
  next()
}

/** Kills a part of the senders' invocations, each at some moment of what it would take. */
function killer({ planned, world }: Stage): (batches: number) => number | undefined {
  const random = world.random.fork('killer')
  return batches => {
    if (planned.killed === 0 || planned.way.kind !== 'onlyto' || !random.chance(planned.killed)) return undefined
    return random.next() * ((batches * 100 * planned.way.senders) / planned.ratePerSecond) * 1000
  }
}

function scenarioOf({ way, ratePerSecond, share, lanes }: PerformanceCase): Scenario {
  return {
    seed: '',
    weights: {},
    maxSendRate: ratePerSecond,
    account: quietLife,
    share,
    lanes: Object.fromEntries(lanes.map(({ pattern, ceiling }) => [pattern, ceiling])),
    senders: way.kind === 'onlyto' ? way.senders : 0,
    batchSize: 100,
    settleDelayMs: 60_000,
    senderTimeoutMs: 300_000,
    safetyMs: 0,
    notices: [],
  }
}
