import { prepareMessage as honest } from '../../../functions/sender/prepare-message.ts'
import { begun } from './chosen.js'
import { distort, remember } from './distort.js'

export * from '../../../functions/sender/prepare-message.ts'

/** In the place of functions/sender/prepare-message.ts: hands a wrong request to the mailer, with no guard between. */
export function prepareMessage(...made) {
  const prepared = honest(...made)
  if (prepared.kind !== 'ready') return prepared
  const { request, permitted } = prepared.mail
  const neighbour = remember(request)
  return begun() ? { ...prepared, mail: { request: distort(request, neighbour), permitted } } : prepared
}
