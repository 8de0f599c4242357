import { createHmac } from 'node:crypto'
import type { AudienceKeys } from '../../functions/recipient/audience-keys.ts'
import { type AudienceSecret, openAudienceSecret } from '../../functions/recipient/audience-secret.ts'
import type { AudienceRow, Recipient } from '../../functions/recipient/recipient.ts'

/** The key under which audiences of tests are indexed. */
export const TEST_KEY_ID = 'key-1'

export const secretInMemory = (keyId: string, audienceId: string): Uint8Array =>
  createHmac('sha256', keyId).update(audienceId).digest()

/** Keys that are made of their own names. */
export function memoryAudienceKeys(): AudienceKeys {
  return { secretOf: async (keyId, audienceId) => secretInMemory(keyId, audienceId) }
}

/** The secret of an audience of a test. */
export const audienceSecretInMemory = (audienceId = 'a-1', keyId = TEST_KEY_ID): AudienceSecret =>
  openAudienceSecret(secretInMemory(keyId, audienceId))

const { seal } = audienceSecretInMemory()

/** A row as it lies in the audience of a test. */
export const sealed = (row: AudienceRow): Recipient => ({ ...row, variables: { ...row.variables }, seal: seal(row) })
