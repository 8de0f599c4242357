import { GetEmailIdentityCommand, SESv2Client, type SESv2ClientConfig } from '@aws-sdk/client-sesv2'
import type { SesAccount } from '../functions/ses/account.ts'
import { sesAccount } from '../functions/ses/ses-account.ts'
import { allowOnly, GET_ACCOUNT } from '../functions/ses/wire-check.ts'
import { askAws } from './aws-failure.ts'
import type { Identities } from './ports.ts'

/** The account's quota, by a client that can ask for nothing else: a smoke test sends through OnlyTo alone. */
export function quotaOf(config: SESv2ClientConfig): SesAccount {
  const account = sesAccount(allowOnly(GET_ACCOUNT, new SESv2Client(config)))
  return { readQuota: () => askAws('SES', account.readQuota) }
}

export function sesIdentities(config: SESv2ClientConfig): Identities {
  return {
    maySend: identity =>
      askAws('SES', async () => {
        const operation = `GET /v2/email/identities/${encodeURIComponent(identity)}`
        const client = allowOnly(operation, new SESv2Client(config))
        try {
          const { VerifiedForSendingStatus } = await client.send(
            new GetEmailIdentityCommand({ EmailIdentity: identity }),
          )
          return VerifiedForSendingStatus ?? false
        } catch (error) {
          if (error instanceof Error && error.name === 'NotFoundException') return undefined
          throw error
        } finally {
          client.destroy()
        }
      }),
  }
}
