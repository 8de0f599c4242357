import type { MeteredRoom, MetricName } from '../functions/runtime/metric-names.ts'
import { alarmNamesOf, dashboardsOf, judgeAlarms, judgeMetrics, type SeenMetric } from './judge-stack.ts'
import type { DeployedStack } from './ports.ts'
import type { Counted } from './send-phases.ts'
import { until } from './sent-notice.ts'
import type { Findings, SmokePorts } from './smoke-ports.ts'

export interface Since extends Counted {
  readonly startedAtMs: number
}

/** What CloudWatch has of it: the metrics first, as an alarm can only go off by a metric that has arrived. */
export async function watchPhases(
  ports: SmokePorts,
  stack: DeployedStack,
  since: Since,
  { gone, add }: Findings,
): Promise<void> {
  const { watch, clock, patience, terminal } = ports
  terminal.note('Waiting for the metrics and alarms of CloudWatch, which take minutes.')
  const settled = await gone('metrics', async () => {
    const metrics = await awaitMetrics(ports, since)
    add(judgeMetrics(metrics))
    return metrics.every(arrived)
  })
  await gone('alarms', async () => {
    if (settled === true && since.accepted > 0) await clock.sleep(patience.alarmsMs)
    const alarms = await watch.readAlarms(alarmNamesOf(stack))
    const found = await Promise.all(
      dashboardsOf(stack).map(async name => ((await watch.dashboardExists(name)) ? [name] : [])),
    )
    add(judgeAlarms({ stack, alarms, dashboards: found.flat() }))
  })
}

const arrived = ({ seen, least }: SeenMetric) => seen >= least

async function awaitMetrics(ports: SmokePorts, since: Since): Promise<readonly SeenMetric[]> {
  const wanted: readonly (readonly [MeteredRoom, MetricName, number])[] = [
    ['dispatcher', 'Heartbeat', 1],
    ['sender', 'Accepted', since.accepted],
    ['feedback', 'Bounces', since.bounced],
    ['feedback', 'Complaints', since.complained],
  ]
  const read = () =>
    Promise.all(
      wanted.map(async ([room, name, least]) => ({
        name,
        least,
        seen: await ports.watch.sumSince(room, name, since.startedAtMs),
      })),
    )
  let metrics = await read()
  await until(ports, ports.patience.metricsMs, async () => {
    metrics = await read()
    return metrics.every(arrived) ? true : undefined
  })
  return metrics
}
