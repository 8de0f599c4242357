import type { MeteredRoom, MetricName } from '../functions/runtime/metric-names.ts'

/** What CloudFormation knows of a deployed stack. */
export interface DeployedStack {
  readonly status: string
  readonly outputs: Readonly<Record<string, string>>
  readonly resources: readonly StackResource[]
}

export interface StackResource {
  readonly type: string
  readonly logicalId: string
  readonly physicalId: string
}

export interface Stacks {
  /** Undefined when there is no such stack. */
  read(name: string): Promise<DeployedStack | undefined>
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

export interface AlarmReading {
  readonly name: string
  readonly state: AlarmState
  /** CloudWatch's words. */
  readonly reason: string
  /** Whether it tells anybody. */
  readonly tells: boolean
}

export interface Watch {
  /** Those of the names that exist. */
  readAlarms(names: readonly string[]): Promise<readonly AlarmReading[]>
  dashboardExists(name: string): Promise<boolean>
  /** The sum of a metric of OnlyTo's since a moment, as far as CloudWatch has it by now. */
  sumSince(room: MeteredRoom, metric: MetricName, sinceMs: number): Promise<number>
}

export interface Identities {
  /** Whether SES lets this address or domain send; undefined when it does not know it. */
  maySend(identity: string): Promise<boolean | undefined>
}
