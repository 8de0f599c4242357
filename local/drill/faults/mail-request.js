import { mailRequest as honest } from '../../../functions/ses/mail-request.ts'
import { begun } from './chosen.js'
import { distort, remember } from './distort.js'

/** In the place of functions/ses/mail-request.ts: the request is wrong when the guard gets to see it. */
export function mailRequest(parts) {
  const request = honest(parts)
  const neighbour = remember(request)
  return begun() ? distort(request, neighbour) : request
}
