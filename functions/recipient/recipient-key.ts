import { createHmac, createSecretKey } from 'node:crypto'
import { Defect } from '../runtime/defect.ts'

export const RECIPIENT_KEY_SECRET_BYTES = 32
export const RECIPIENT_KEY_BYTES = 16

/** The 16 bytes that stand for a normalised address under one audience's secret: HMAC-SHA-256, truncated. */
export type RecipientKeyHash = (address: string) => Buffer

/** The secret is kept as a key object, as preparing it anew for each address would take four times as long. */
export function createRecipientKeyHash(secret: Uint8Array): RecipientKeyHash {
  if (secret.length !== RECIPIENT_KEY_SECRET_BYTES) {
    throw new Defect('recipient-key-secret', `A recipient key secret has 32 bytes, this one has ${secret.length}`)
  }
  const key = createSecretKey(secret)
  return address => createHmac('sha256', key).update(address).digest().subarray(0, RECIPIENT_KEY_BYTES)
}

/** 22 characters of base64url: safe in e-mail tags, table keys and URLs. */
export function encodeRecipientKey(hash: Buffer): string {
  return hash.toString('base64url')
}
