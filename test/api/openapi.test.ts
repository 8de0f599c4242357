import { expect, test } from 'vitest'
import { apiRoutes } from '../../cdk/api-routes.ts'
import { audienceViewSchema } from '../../functions/api/audience-view.ts'
import { newNoticeSchema } from '../../functions/api/create-notice.ts'
import { recipientsLinkSchema } from '../../functions/api/delivery-routes.ts'
import { deliveriesPageSchema, deliverySchema, lookUpSchema } from '../../functions/api/delivery-view.ts'
import { estimateSchema } from '../../functions/api/estimate-view.ts'
import { historyViewSchema } from '../../functions/api/history-routes.ts'
import { leakSchema } from '../../functions/api/leak-word.ts'
import { lookUpRequestSchema } from '../../functions/api/look-up.ts'
import { noticeViewSchema } from '../../functions/api/notice-view.ts'
import { resumeRequestSchema, retryRequestSchema } from '../../functions/api/pace.ts'
import { previewRequestSchema, previewSchema } from '../../functions/api/preview.ts'
import { problemSchema } from '../../functions/api/problem-response.ts'
import { problemKinds } from '../../functions/api/problems.ts'
import { reportSchema } from '../../functions/api/report-view.ts'
import { statusSchema } from '../../functions/api/status-view.ts'
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

test('every operation has a name of its own, for the clients that are made from it', async () => {
  const { paths } = await openApi()
  const operations = Object.values<object>(paths).flatMap(methods => Object.values(methods))
  const names = operations.map(({ operationId }) => operationId)
  for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z]+$/)
  expect(new Set(names).size).toBe(operations.length)
})

test.each([
  ['Notice', noticeViewSchema],
  ['NewNotice', newNoticeSchema],
  ['Audience', audienceViewSchema],
  ['PreviewRequest', previewRequestSchema],
  ['Preview', previewSchema],
  ['Status', statusSchema],
  ['Report', reportSchema],
  ['Estimate', estimateSchema],
  ['Delivery', deliverySchema],
  ['Deliveries', deliveriesPageSchema],
  ['LookUpRequest', lookUpRequestSchema],
  ['LookUp', lookUpSchema],
  ['RecipientsLink', recipientsLinkSchema],
  ['History', historyViewSchema],
  ['Leak', leakSchema],
  ['ResumeRequest', resumeRequestSchema],
  ['RetryRequest', retryRequestSchema],
  ['Problem', problemSchema],
])('%s has an example, which is valid and complete in itself', async (name, schema) => {
  const { components } = await openApi()
  const examples = components.schemas[name].examples
  expect(examples.length).toBeGreaterThan(0)
  for (const example of examples) {
    expect(schema.safeParse(example).error).toBeUndefined()
    if ('planned' in example) expect(example.planned).toBe(sumOfFates(example))
  }
})

function sumOfFates(counts: Readonly<Record<string, number>>): number {
  const fates = ['accepted', 'rejected', 'failed', 'suppressed', 'inDoubt', 'pending']
  return fates.reduce((sum, fate) => sum + (counts[fate] ?? 0), 0)
}

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
