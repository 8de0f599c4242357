import { expect, test } from 'vitest'
import { apiRoutes } from '../../cdk/api-routes.ts'
import { problemKinds } from '../../functions/api/problems.ts'
import { apiUnderTest } from './api-under-test.ts'

const route = (method: string, path: string) => `${method.toUpperCase()} ${path}`

async function openApi() {
  const { body } = await apiUnderTest().get('/openapi.json')
  return body
}

test('API Gateway and the app have the same routes, and all of them are described', async () => {
  const deployed = apiRoutes.map(({ method, path }) => route(method, path)).sort()
  const served = apiUnderTest()
    .api.routes.filter(({ path }) => path !== '/*')
    .map(({ method, path }) => route(method, path.replace(/:(\w+)/g, '{$1}')))
  expect([...new Set(served)].sort()).toEqual(deployed)
  const { paths } = await openApi()
  const described = Object.entries<object>(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => route(method, path)),
  )
  expect([...described, 'GET /openapi.json'].sort()).toEqual(deployed)
})

test('every operation says what it does, what it answers and how it refuses', async () => {
  const { openapi, paths, components } = await openApi()
  expect(openapi).toBe('3.1.0')
  for (const operation of Object.values<object>(paths).flatMap(methods => Object.values(methods))) {
    expect(operation.summary).toMatch(/^[A-Z]/)
    const [success, ...refusals] = Object.values<{ content: object }>(operation.responses)
    expect(Object.keys(success?.content ?? {})).toEqual(['application/json'])
    expect(refusals.length).toBeGreaterThan(0)
    for (const { content } of refusals) expect(Object.keys(content)).toEqual(['application/problem+json'])
  }
  expect(Object.keys(components.schemas)).toEqual(
    expect.arrayContaining([
      'Problem',
      'NewNotice',
      'Notice',
      'AudienceUpload',
      'Audience',
      'Preview',
      'Status',
      'Report',
    ]),
  )
})

test('every problem that a route can answer with is described, but for a route that is not there', async () => {
  const document = JSON.stringify(await openApi())
  const undescribed = Object.keys(problemKinds).filter(kind => !document.includes(`urn:onlyto:problem:${kind}`))
  expect(undescribed).toEqual(['unknown-route'])
})

test('examples use reserved domains', async () => {
  const document = JSON.stringify(await openApi())
  const hosts = [...document.matchAll(/(?:@|https?:\/\/)([\w.-]+)/g)].map(([, host]) => host)
  expect(hosts.length).toBeGreaterThan(0)
  for (const host of hosts) expect(host).toMatch(/(^|\.)example(\.com|\.org|\.net)?$/)
})
