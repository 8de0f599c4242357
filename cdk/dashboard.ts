import { Stack } from 'aws-cdk-lib'
import {
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  type IAlarm,
  PeriodOverride,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { Watched } from './alarms.ts'
import { dashboardGraphs } from './dashboard-graphs.ts'
import type { StackInputs } from './inputs.ts'
import type { Tables } from './tables.ts'

export interface DashboardProps {
  readonly watched: Watched
  readonly alarms: readonly IAlarm[]
  readonly tables: Tables
  readonly inputs: StackInputs
}

/** One screen: what is wrong, how far and how fast, what is refused or in doubt, what comes back, and what waiting costs. */
export class Dashboard extends Construct {
  /** Where it can be seen. */
  readonly url: string

  constructor(scope: Construct, id: string, { watched, alarms, tables, inputs }: DashboardProps) {
    super(scope, id)
    const dashboard = new CloudWatchDashboard(this, 'Screen', { periodOverride: PeriodOverride.INHERIT })
    dashboard.addWidgets(
      new TextWidget({ width: 24, height: 2, markdown: introduction(inputs) }),
      new AlarmStatusWidget({ width: 24, height: 4, title: 'Alarms', alarms: [...alarms] }),
    )
    dashboard.addWidgets(...dashboardGraphs({ watched, tables }))
    const { region } = Stack.of(this)
    this.url = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`
  }
}

const introduction = ({ runbookUrl }: StackInputs) =>
  `OnlyTo: all notices together. One of them: \`npx onlyto status NOTICE\`. Something is wrong: ${runbookUrl}. To stop everything within a second: \`npx onlyto stop --all\`.`
