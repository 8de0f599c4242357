import { createHmac, createSecretKey, hkdfSync } from 'node:crypto'
import { Defect } from '../runtime/defect.ts'
import type { AudienceRow } from './recipient.ts'

export const AUDIENCE_SECRET_BYTES = 32
export const RECIPIENT_KEY_BYTES = 16

/** What one audience's secret is for. Both are HMAC-SHA-256, truncated, each under a key of its own that HKDF makes of it. */
export interface AudienceSecret {
  /** The 16 bytes that stand for a normalised address. */
  hashKey(address: string): Buffer
  /** The seal of a row: 22 characters of base64url that no other row has, whatever part of it differs. */
  seal(row: AudienceRow): string
}

/** Keys are kept as key objects, as preparing them anew for each row would take four times as long. */
export function openAudienceSecret(secret: Uint8Array): AudienceSecret {
  if (secret.length !== AUDIENCE_SECRET_BYTES) {
    throw new Defect('audience-secret', `The secret of an audience has 32 bytes, this one has ${secret.length}`)
  }
  const recipientKey = subkey(secret, 'onlyto recipient key')
  const sealKey = subkey(secret, 'onlyto row seal')
  const hash = (key: ReturnType<typeof subkey>, text: string) =>
    createHmac('sha256', key).update(text).digest().subarray(0, RECIPIENT_KEY_BYTES)
  return {
    hashKey: address => hash(recipientKey, address),
    seal: row => hash(sealKey, canonicalText(row)).toString('base64url'),
  }
}

/** 22 characters of base64url: safe in e-mail tags, table keys and URLs. */
export function encodeRecipientKey(hash: Buffer): string {
  return hash.toString('base64url')
}

function subkey(secret: Uint8Array, purpose: string) {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, new Uint8Array(), purpose, AUDIENCE_SECRET_BYTES)))
}

/** The same text for the same row in whatever order its variables stand, and never for two different rows. */
function canonicalText({ address, key, locale, variables }: AudienceRow): string {
  const parts: (string | null)[] = [address, key, locale ?? null]
  for (const name of Object.keys(variables).sort()) parts.push(name, variables[name] ?? null)
  return JSON.stringify(parts)
}
