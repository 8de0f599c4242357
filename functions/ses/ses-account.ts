import { GetAccountCommand, type PricingPlan, SESv2Client } from '@aws-sdk/client-sesv2'
import type { SesPlan } from '../cost/prices.ts'
import { Defect } from '../runtime/defect.ts'
import type { SesAccount } from './account.ts'
import { allowOnly, GET_ACCOUNT } from './wire-check.ts'

/** A client that can ask for the account's limits, and can do nothing else. */
export function createAccountClient(): SESv2Client {
  return allowOnly(GET_ACCOUNT, new SESv2Client({}))
}

/** The account's limits by GetAccount. SES gives -1 for an unlimited daily quota. */
export function sesAccount(client: SESv2Client): SesAccount {
  return {
    readQuota: async () => {
      const account = await client.send(new GetAccountCommand({}))
      const { SendQuota, SendingEnabled, ProductionAccessEnabled, PricingAttributes } = account
      const { MaxSendRate, Max24HourSend, SentLast24Hours } = SendQuota ?? {}
      if (MaxSendRate === undefined || Max24HourSend === undefined) {
        throw new Defect('ses-account', 'GetAccount answered without a send quota')
      }
      return {
        maxSendRate: MaxSendRate,
        max24HourSend: Max24HourSend < 0 ? undefined : Max24HourSend,
        sentLast24Hours: SentLast24Hours ?? 0,
        sendingEnabled: SendingEnabled ?? true,
        productionAccess: ProductionAccessEnabled,
        plan: planOf(PricingAttributes?.CurrentPlan),
      }
    },
  }
}

const plans: Readonly<Record<PricingPlan, SesPlan>> = {
  NONE: 'a-la-carte',
  ESSENTIALS: 'essentials',
  PRO: 'pro',
  ENTERPRISE: 'enterprise',
}

/** SES may answer with a plan that is newer than this: then it is as if it had not said. */
function planOf(said: PricingPlan | undefined): SesPlan | undefined {
  return said !== undefined && Object.hasOwn(plans, said) ? plans[said] : undefined
}
