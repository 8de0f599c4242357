import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { Alarms } from './alarms.ts'
import { Api } from './api.ts'
import { Audience } from './audience.ts'
import { AudienceBucket } from './audience-bucket.ts'
import { AudienceKeys } from './audience-keys.ts'
import { Dashboard } from './dashboard.ts'
import { Dispatcher } from './dispatcher.ts'
import { Feedback } from './feedback.ts'
import type { StackInputs } from './inputs.ts'
import { tellOperator } from './outputs.ts'
import { Sender } from './sender.ts'
import { SenderIdentity } from './sender-identity.ts'
import { Tables } from './tables.ts'

export interface NotifierStackProps extends StackProps {
  readonly inputs: StackInputs
}

/** The whole of OnlyTo in one region: what is kept, then one construct per room, each after those it speaks to. */
export class NotifierStack extends Stack {
  constructor(scope: Construct, id: string, { inputs, ...props }: NotifierStackProps) {
    super(scope, id, props)

    const tables = new Tables(this, 'Tables')
    const bucket = new AudienceBucket(this, 'AudienceBucket', { inputs })
    const keys = new AudienceKeys(this, 'AudienceKeys', { inputs })

    new Audience(this, 'Audience', { tables, bucket, keys, inputs })
    const feedback = new Feedback(this, 'Feedback', { tables, inputs })
    const sender = new Sender(this, 'Sender', { tables, bucket, keys, feedback, inputs })
    const dispatcher = new Dispatcher(this, 'Dispatcher', { tables, bucket, sender, inputs })
    const api = new Api(this, 'Api', { tables, bucket, dispatcher, inputs })
    const watched = {
      sender: sender.function,
      dispatcher: dispatcher.function,
      api: api.http,
      senderDeadLetters: sender.deadLetters,
      laneDeadLetters: sender.laneDeadLetters,
      feedbackDeadLetters: feedback.deadLetters,
    }
    const alarms = new Alarms(this, 'Alarms', { watched, inputs })
    const dashboard = new Dashboard(this, 'Dashboard', { watched, alarms: alarms.all, tables, inputs })
    new CfnOutput(this, 'SeeDashboard', { value: `See how sending goes, and what is wrong: ${dashboard.url}` })

    if (inputs.hostedZone !== undefined) new SenderIdentity(this, 'SenderIdentity', { hostedZone: inputs.hostedZone })
    tellOperator(this, { inputs, apiUrl: api.url })
  }
}
