import { type Refusal, refusal } from './problems.ts'

export type SenderAddress = { kind: 'allowed'; address: string } | Refusal<'invalid-request'>

/**
 * The address a notice is sent from: the stack's identity, or any address of the identity's domain. Spelled as the identity
 * is, since the sender's permission compares letter by letter.
 */
export function senderAddress(wanted: string | undefined, identity: string): SenderAddress {
  const isDomain = !identity.includes('@')
  if (wanted === undefined) return isDomain ? refused(`Give an address of ${identity}.`) : allowed(identity)
  const localPart = wanted.slice(0, wanted.lastIndexOf('@'))
  const own = isDomain ? `${localPart}@${identity}` : identity
  if (wanted.toLowerCase() === own.toLowerCase()) return allowed(own)
  return refused(isDomain ? `Use an address of ${identity}.` : `Use ${identity}, or leave it out.`)
}

const allowed = (address: string): SenderAddress => ({ kind: 'allowed', address })

function refused(remedy: string): SenderAddress {
  const detail = 'A notice is sent from the identity that this stack has verified with SES.'
  return refusal('invalid-request', `The sender is not usable. ${remedy}`, [
    { pointer: '/from/address', detail, remedy },
  ])
}
