import { createApiClient } from '../cli/api-client.ts'
import { CommandFailure } from '../cli/command-failure.ts'
import { count } from '../cli/figures.ts'
import { confirmSmoke } from './confirm.ts'
import { apiUrlOf, judgeStack } from './judge-stack.ts'
import { planSmoke, type QuotaPlan } from './plan.ts'
import type { DeployedStack } from './ports.ts'
import { sendToSimulator } from './send-phases.ts'
import type { SmokeOptions, SmokePorts } from './smoke-ports.ts'
import { brokenOff, type Phase, type Verdict } from './verdict.ts'
import { watchPhases } from './watch-phases.ts'

export interface SmokeResult {
  readonly verdicts: readonly Verdict[]
  /** False: somebody said no, and nothing was sent. */
  readonly confirmed: boolean
}

/**
 * Goes through every phase on a deployed stack. A phase that cannot be gone through to its end is a verdict too, and ends the
 * test, but for what can be seen without sending.
 */
export async function runSmoke(ports: SmokePorts, options: SmokeOptions): Promise<SmokeResult> {
  const verdicts: Verdict[] = []
  const add = (found: readonly Verdict[]) => verdicts.push(...found)
  async function gone<T>(phase: Phase, steps: () => Promise<T>): Promise<T | undefined> {
    try {
      return await steps()
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error
      add([brokenOff(phase, [error.message, ...error.details].map(sentence).join(' '))])
      return undefined
    }
  }
  const stack = await gone('stack', async () => {
    const read = await readStack(ports, options.stack)
    add(judgeStack(read))
    return read
  })
  const baseUrl = stack && apiUrlOf(stack)
  if (stack === undefined || baseUrl === undefined) return { verdicts, confirmed: true }
  const plan = await gone('sending', () => readPlan(ports, options))
  if (plan === undefined) return { verdicts, confirmed: true }
  if (!(await confirmSmoke(ports, options, plan))) return { verdicts, confirmed: false }

  const startedAtMs = ports.clock.now()
  const client = createApiClient(baseUrl, ports.fetchFor(baseUrl))
  const counted = await sendToSimulator({ ...ports, client }, options, plan, { gone, add })
  await watchPhases(ports, stack, { startedAtMs, ...counted }, { gone, add })
  return { verdicts, confirmed: true }
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)

async function readStack({ stacks }: SmokePorts, name: string): Promise<DeployedStack> {
  const stack = await stacks.read(name)
  if (stack !== undefined) return stack
  throw new CommandFailure(`There is no stack ${name} in this account and region.`, [
    'Give its name with --stack and its region with --region.',
  ])
}

async function readPlan({ account, terminal }: SmokePorts, { recipients }: SmokeOptions): Promise<QuotaPlan> {
  const quota = await account.readQuota()
  const planned = planSmoke(quota, recipients)
  if (planned.kind === 'refused') throw new CommandFailure(planned.why)
  const day = quota.max24HourSend === undefined ? 'no daily limit' : `${count(quota.max24HourSend)} a day`
  const sandbox = quota.productionAccess === false ? ', in the sandbox' : ''
  terminal.note(`The account may send ${count(quota.maxSendRate)} a second and has ${day}${sandbox}.`)
  return { ...planned.plan, quota }
}
