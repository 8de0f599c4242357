import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { withoutRequestLog } from '../runtime/aws-client.ts'
import { Defect } from '../runtime/defect.ts'
import type { AudienceKeys } from './audience-keys.ts'

/** A sender that waits for a key sends nothing meanwhile: it rather fails, and its batch comes again. */
const REQUEST_TIMEOUT_MS = 5_000
const CONNECTION_TIMEOUT_MS = 2_000

export function createKmsClient(): KMSClient {
  const requestHandler = new NodeHttpHandler({
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
  })
  return withoutRequestLog(new KMSClient({ requestHandler }))
}

/**
 * Keys in KMS, which no one can take out of it: the secret of an audience is the MAC of its name, as KMS makes it. The same
 * call gives the same secret at any time, so nothing is stored, and a repeated call does nothing but ask again.
 */
export function kmsAudienceKeys(client: KMSClient): AudienceKeys {
  return {
    secretOf: async (keyId, audienceId) => {
      const Message = Buffer.from(`onlyto audience ${audienceId}`)
      const { Mac } = await client.send(new GenerateMacCommand({ KeyId: keyId, MacAlgorithm: 'HMAC_SHA_256', Message }))
      if (Mac === undefined) throw new Defect('kms-mac', `KMS gave no MAC under key ${keyId}`)
      return Mac
    },
  }
}
