import { GetAccountCommand, SESv2Client } from '@aws-sdk/client-sesv2'
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
      const { SendQuota, SendingEnabled, ProductionAccessEnabled } = await client.send(new GetAccountCommand({}))
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
      }
    },
  }
}
