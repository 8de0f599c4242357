import { expect, test } from 'vitest'
import { type ServedApi, startHttpApi } from '../../../local/runtime/http-api.ts'
import type { HttpEvent } from '../../../local/runtime/http-event.ts'
import type { Invocation } from '../../../local/runtime/invocation.ts'
import type { RouteDefinition } from '../../../local/template/deployment.ts'

const scope = {
  partition: 'aws',
  region: 'eu-west-1',
  accountId: '000000000000',
  urlSuffix: 'amazonaws.com',
  stackName: 'OnlyTo',
}
const fine = async (): Promise<Invocation> => ({ kind: 'returned', payload: '{"statusCode":204}' })

async function api(routeKeys: readonly string[], invoke = fine, timeoutMs = 30_000) {
  const routes = routeKeys.map(
    (routeKey): RouteDefinition => ({ routeKey, functionName: 'Api', authorization: 'AWS_IAM', timeoutMs }),
  )
  const events: HttpEvent[] = []
  const answer = (_: string, event: HttpEvent) => {
    events.push(event)
    return invoke()
  }
  const server = await startHttpApi(0, Promise.resolve({ routes, scope, invoke: answer }))
  const request = async (path: string, init: RequestInit = {}) => {
    await fetch(server.endpoint + path, init)
    const event = events.pop()
    if (event === undefined) throw new Error(`${path} reached no function`)
    return event
  }
  return { url: server.endpoint, request, [Symbol.asyncDispose]: () => server.close() }
}

test('path, query, headers and cookies arrive as an HTTP API hands them on', async () => {
  await using server = await api(['GET /notices/{noticeId}/status'])
  const event = await server.request(`/notices/caf%C3%A9/status?locale=de&tag=a&tag=b%2Cc&empty=`, {
    headers: { 'X-Trace': 'one', cookie: 'a=1; b=2', 'user-agent': 'test' },
  })
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: 'GET /notices/{noticeId}/status',
    rawPath: '/notices/café/status',
    rawQueryString: 'locale=de&tag=a&tag=b%2Cc&empty=',
    pathParameters: { noticeId: 'café' },
    queryStringParameters: { locale: 'de', tag: 'a,b,c', empty: '' },
    cookies: ['a=1', 'b=2'],
    headers: { 'x-trace': 'one' },
    isBase64Encoded: false,
    requestContext: {
      http: { method: 'GET', path: '/notices/café/status', userAgent: 'test', sourceIp: '127.0.0.1' },
      stage: '$default',
    },
  })
  expect(event.headers['cookie']).toBeUndefined()
  expect(event.body).toBeUndefined()
})

test.each([
  ['application/json', false],
  ['text/csv; charset=utf-8', false],
  ['application/octet-stream', true],
  ['application/x-www-form-urlencoded', true],
])('a body of type %s is base64: %s', async (type, base64) => {
  await using server = await api(['POST /notices'])
  const body = '{"name":"Zoë 数"}'
  const event = await server.request('/notices', { method: 'POST', body, headers: { 'content-type': type } })
  expect(event.isBase64Encoded).toBe(base64)
  expect(Buffer.from(event.body ?? '', base64 ? 'base64' : 'utf8').toString()).toBe(body)
})

test('a route that the template lacks is not found, and a method that it lacks neither', async () => {
  await using server = await api(['GET /notices', 'GET /notices/{noticeId}'])
  for (const [method, path] of [
    ['GET', '/'],
    ['GET', '/notices/a/b'],
    ['DELETE', '/notices/a'],
    ['GET', '/notices/'],
  ]) {
    const response = await fetch(`${server.url}${path}`, method === undefined ? {} : { method })
    expect({ path, status: response.status, body: await response.json() }).toEqual({
      path,
      status: 404,
      body: { message: 'Not Found' },
    })
  }
})

test('a literal route beats one with a variable', async () => {
  await using server = await api([
    'GET /{proxy+}',
    'GET /notices/{noticeId}',
    'GET /notices/latest',
    'ANY /notices/latest',
  ])
  const routeOf = async (path: string, method = 'GET') => (await server.request(path, { method })).routeKey
  expect(await routeOf('/notices/latest')).toBe('GET /notices/latest')
  expect(await routeOf('/notices/latest', 'PUT')).toBe('ANY /notices/latest')
  expect(await routeOf('/notices/n1')).toBe('GET /notices/{noticeId}')
  expect(await routeOf('/a/b/c')).toBe('GET /{proxy+}')
})

test('the caller is the access key that signed, or local', async () => {
  await using server = await api(['GET /notices'])
  const unsigned = await server.request('/notices')
  expect(unsigned.requestContext.authorizer?.iam.userArn).toBe('arn:aws:iam::000000000000:user/local')
  const authorization =
    'AWS4-HMAC-SHA256 Credential=ANNE/20260101/eu-west-1/execute-api/aws4_request, SignedHeaders=host, Signature=00'
  const signed = await server.request('/notices', { headers: { authorization } })
  expect(signed.requestContext.authorizer?.iam).toMatchObject({
    accessKey: 'ANNE',
    userArn: 'arn:aws:iam::000000000000:user/ANNE',
  })
})

test('status, headers, cookies and a base64 body come back', async () => {
  const body = Buffer.from([0, 255, 10]).toString('base64')
  await using server = await api(['GET /notices'], async () => ({
    kind: 'returned',
    payload: JSON.stringify({
      statusCode: 201,
      headers: { 'Content-Type': 'application/problem+json', 'X-Count': 3 },
      cookies: ['a=1', 'b=2'],
      body,
      isBase64Encoded: true,
    }),
  }))
  const response = await fetch(`${server.url}/notices`)
  expect(response.status).toBe(201)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('x-count')).toBe('3')
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(Buffer.from(await response.arrayBuffer()).toString('base64')).toBe(body)
})

test('a function that fails is a 500 without its reason, one that is late a 503', async () => {
  await using failing = await api(['GET /notices'], async () => ({
    kind: 'threw',
    fault: { errorType: 'Error', errorMessage: 'secret' },
  }))
  const failed = await fetch(`${failing.url}/notices`)
  expect([failed.status, await failed.text()]).toEqual([500, '{"message":"Internal Server Error"}'])
  await using slow = await api(['GET /notices'], () => new Promise<never>(() => {}), 50)
  const late = await fetch(`${slow.url}/notices`)
  expect([late.status, await late.text()]).toEqual([503, '{"message":"Service Unavailable"}'])
})

test('a body beyond what is carried is refused', async () => {
  await using server = await api(['POST /notices'])
  for (const megabytes of [7, 11]) {
    const response = await fetch(`${server.url}/notices`, { method: 'POST', body: 'x'.repeat(megabytes * 1024 * 1024) })
    expect([response.status, await response.json()]).toEqual([413, { message: 'Request Entity Too Large' }])
  }
})

test('a port that is taken is named, with what to do', async () => {
  await using taken = await api([])
  const port = Number(new URL(taken.url).port)
  await expect(startHttpApi(port, new Promise(() => {}))).rejects.toThrow(
    new RegExp(`^Port ${port} of 127.0.0.1 is in use.*--port`),
  )
})

test('a request that comes during the start waits for its answer', async () => {
  const { promise, resolve } = Promise.withResolvers<ServedApi>()
  const server = await startHttpApi(0, promise)
  const response = fetch(`${server.endpoint}/notices`)
  resolve({ routes: [], scope, invoke: fine })
  expect((await response).status).toBe(404)
  await server.close()
})
