import type { Customer } from './customers.ts'

/** A request with an address where none belongs. */
export interface MisplacedRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: string
  readonly contentType?: string
}

const get = (path: string): MisplacedRequest => ({ method: 'GET', path })
const post = (path: string, body: unknown, contentType = 'application/json'): MisplacedRequest => ({
  method: 'POST',
  path,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  contentType,
})

/** What people and programs get wrong: the address in the path, in the query, in every corner of a body, or in a header. */
export function misplacedRequests(noticeId: string, { address, local }: Customer): readonly MisplacedRequest[] {
  const once = encodeURIComponent(address)
  const written = [once, address.replaceAll("'", '%27'), encodeURIComponent(once), `%22${once}%22`, `%3C${once}%3E`]
  const names = [...written, encodeURIComponent(local), Buffer.from(address).toString('base64url')]
  const notice = `/notices/${noticeId}`
  return [
    ...names.flatMap(name => [
      get(`/notices/${name}`),
      get(`/notices/${name}/status`),
      get(`/notices/${name}/deliveries`),
      post(`/notices/${name}/start`, {}),
      post(`/notices/${name}/look-up`, { address: 'somebody@example.com' }),
      get(`/${name}`),
      get(`/customers/${name}?x=1`),
      get(`${notice}/deliveries/${name}`),
      get(`/notices?email=${name}`),
      ...['from', 'fate', 'not', 'reached', 'sentAgain', 'retryable', 'address', name].map(parameter =>
        get(`${notice}/deliveries?${parameter}=${name}`),
      ),
    ]),
    post('/notices', { email: address }),
    post('/notices', { name: '', from: address, content: address }),
    post('/notices', { name: 'x', content: { defaultLocale: address, variants: { [address]: { subject: local } } } }),
    post('/notices', {
      name: 'x',
      content: { variants: { en: { subject: `{{#${address}}}`, text: '{{', html: '' } } },
    }),
    post('/notices', { [address]: 1, from: { address: [address] }, inDoubtPolicy: address }),
    post('/notices', [address]),
    post('/notices', `{"to": "${address}"`),
    post('/notices', `${address}, please`),
    post('/notices', address, 'text/plain'),
    post('/notices', {}, `text/plain; name="${encodeURIComponent(address)}"`),
    post(`${notice}/preview`, { locale: address }),
    post(`${notice}/preview`, { recipient: address }),
    post(`${notice}/preview`, { [address]: address }),
    post(`${notice}/start`, { share: address, urgent: address, [local]: address }),
    post(`${notice}/resume`, { afterLeak: `The row of ${address} was crossed` }),
    post(`${notice}/resume`, { afterLeak: `The row of ${once} was crossed`, [address]: true }),
    post(`${notice}/retry`, { rejected: address }),
    post(`${notice}/approve`, { by: address }),
    post(`${notice}/stop`, address),
    post(`${notice}/look-up`, { email: address }),
    post(`${notice}/look-up`, { address: [address] }),
    post(`${notice}/look-up`, { address: `${local} at example.com` }),
    post(`${notice}/look-up`, { address: `Somebody <${address}>` }),
    post(`${notice}/look-up`, { address, from: address }),
    post(`${notice}/look-up`, { address, [address]: address }),
    post(`${notice}/look-up`, `{"address": "${address}"`),
    post(`/look-up`, { address }),
  ]
}

export async function sendMisplaced(
  url: string,
  { method, path, body, contentType }: MisplacedRequest,
): Promise<number> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body !== undefined && { body, headers: { 'content-type': contentType ?? '' } }),
  })
  await response.arrayBuffer()
  return response.status
}
