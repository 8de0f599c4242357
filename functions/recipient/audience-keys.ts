/**
 * The stack's own keys, from which every audience has its secret. The keys themselves are in nobody's reach: whoever has the
 * right asks for the secret of one audience under one key, and gets the same one each time.
 */
export interface AudienceKeys {
  /** 32 bytes. Throws when they cannot be had now, so that the caller is called again. */
  secretOf(keyId: string, audienceId: string): Promise<Uint8Array>
}
