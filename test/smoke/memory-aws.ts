import { alarmCatalogue } from '../../cdk/alarm-catalogue.ts'
import type { AlarmReading, DeployedStack, Identities, StackResource, Stacks, Watch } from '../../smoke/ports.ts'

const alarm = (logicalId: string): StackResource => ({
  type: 'AWS::CloudWatch::Alarm',
  logicalId,
  physicalId: `OnlyTo-${logicalId}`,
})
const dashboard: StackResource = {
  type: 'AWS::CloudWatch::Dashboard',
  logicalId: 'Screen',
  physicalId: 'OnlyTo-Screen',
}

/** Logical ids as the CDK makes them, of a stack without lanes. */
export const catalogueAlarms = alarmCatalogue
  .filter(({ source }) => source.kind === 'own' || source.of !== 'dead letters of the lanes')
  .map(({ id }) => `Alarms${id.replaceAll('-', '')}0A1B2C3D`)

export function deployedStack(apiUrl: string, alarms: readonly string[] = catalogueAlarms): DeployedStack {
  return { status: 'CREATE_COMPLETE', outputs: { ApiUrl: `${apiUrl}/` }, resources: [dashboard, ...alarms.map(alarm)] }
}

export const memoryStacks = (stacks: Readonly<Record<string, DeployedStack>>): Stacks => ({
  read: async name => stacks[name],
})

export const identities = (verified: readonly string[]): Identities => ({
  maySend: async identity => (verified.includes(identity) ? true : undefined),
})

/** A CloudWatch whose alarms are quiet, with the metrics of whoever counts them. */
export function memoryWatch(sumOf: (metric: string) => number, raised: readonly string[] = []): Watch {
  return {
    readAlarms: async names => names.map(name => reading(name, raised.includes(name))),
    dashboardExists: async name => name === dashboard.physicalId,
    sumSince: async (_, metric) => sumOf(metric),
  }
}

const reading = (name: string, raised: boolean): AlarmReading => ({
  name,
  state: raised ? 'ALARM' : 'OK',
  reason: raised ? 'Threshold Crossed' : '',
  tells: true,
})
