import type { AudienceKeys } from './audience-keys.ts'
import { type AudienceSecret, openAudienceSecret } from './audience-secret.ts'

/** A warm sender has few audiences in hand at a time. */
const SECRETS_KEPT = 16

export interface KeyedAudience {
  readonly audienceId: string
  readonly keyId: string
}

/** Opens the secrets of audiences and keeps those last opened. One that could not be had is asked for again the next time. */
export function keepSecrets(keys: AudienceKeys): (audience: KeyedAudience) => Promise<AudienceSecret> {
  const kept = new Map<string, Promise<AudienceSecret>>()

  return ({ audienceId, keyId }) => {
    const name = `${keyId} ${audienceId}`
    const secret = kept.get(name) ?? keys.secretOf(keyId, audienceId).then(openAudienceSecret)
    kept.delete(name)
    kept.set(name, secret)
    const [oldest] = kept.keys()
    if (kept.size > SECRETS_KEPT && oldest !== undefined) kept.delete(oldest)
    secret.catch(() => {
      if (kept.get(name) === secret) kept.delete(name)
    })
    return secret
  }
}
