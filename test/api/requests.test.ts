import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BODY_BYTES_MAX, jsonFault } from '../../functions/api/json-body.ts'
import { apiUnderTest, newNotice } from './api-under-test.ts'

const json = { 'content-type': 'application/json' }

test.each([
  ['{"name": bad}', 1, 10],
  ['{\n  "name": "x",\n  "content": {,}\n}', 3, 15],
  ['{"name": "x"', 1, 13],
  ['{"name": "x"} trailing', 1, 15],
  ['{"name": "x', 1, 12],
  ["{'name': 1}", 1, 2],
])('malformed JSON %j is refused at line %i, column %i', async (body, line, column) => {
  const { request } = apiUnderTest()
  const answer = await request('/notices', { method: 'POST', headers: json, body })
  expect(answer.body).toMatchObject({ type: 'urn:onlyto:problem:malformed-json', status: 400 })
  expect(answer.body.detail).toContain(`line ${line}, column ${column}.`)
})

test('JSON stops where a foreign character was put', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (text, at) => {
      expect(jsonFault(text)).toBeUndefined()
      const cut = text.slice(0, at % (text.length + 1))
      const fault = jsonFault(`${cut}\u0000${text.slice(cut.length)}`)
      const lineStart = cut.lastIndexOf('\n') + 1
      expect(fault).toEqual({ line: cut.split('\n').length, column: cut.length - lineStart + 1 })
    }),
  )
})

describe('a body', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'of type %s is refused',
    async type => {
      const { request, ports } = apiUnderTest()
      const init = { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(newNotice()) }
      expect((await request('/notices', init)).body).toMatchObject({
        type: 'urn:onlyto:problem:unsupported-media-type',
        status: 415,
        detail: expect.stringContaining('content-type: application/json'),
      })
      expect(await ports.notices.list()).toEqual([])
    },
  )

  test.each([BODY_BYTES_MAX + 1, BODY_BYTES_MAX + 1_000])(
    'of %i bytes is refused, and nothing of it is kept',
    async bytes => {
      const { request, ports } = apiUnderTest()
      const body = JSON.stringify({ ...newNotice(), name: 'é' })
      const padding = ' '.repeat(bytes - Buffer.byteLength(body))
      const answer = await request('/notices', { method: 'POST', headers: json, body: body + padding })
      expect(answer.body).toMatchObject({
        type: 'urn:onlyto:problem:body-too-large',
        status: 413,
        detail: expect.stringContaining(`${bytes} bytes, at most ${BODY_BYTES_MAX}`),
      })
      expect(await ports.notices.list()).toEqual([])
    },
  )

  test('of as many bytes as are allowed is taken', async () => {
    const { request } = apiUnderTest()
    const body = JSON.stringify(newNotice())
    const init = { method: 'POST', headers: json, body: body.padEnd(BODY_BYTES_MAX) }
    expect((await request('/notices', init)).status).toBe(201)
  })

  test('with an empty or overlong text says so, where it is', async () => {
    const { post, ports } = apiUnderTest()
    const { content } = newNotice()
    const variants = { ...content.variants, en: { subject: 'x'.repeat(501), text: '', html: '<p>x</p>' } }
    const { body } = await post('/notices', { ...newNotice(), name: '', content: { ...content, variants } })
    expect(body.errors).toEqual([
      { pointer: '/name', detail: 'This field is empty. Write what belongs there.' },
      { pointer: '/content/variants/en/subject', detail: 'This field is longer than 500 characters. Shorten it.' },
      { pointer: '/content/variants/en/text', detail: 'This field is empty. Write what belongs there.' },
    ])
    expect(await ports.notices.list()).toEqual([])
  })

  test('with a charset is taken', async () => {
    const { request } = apiUnderTest()
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    expect((await request('/notices', { method: 'POST', headers, body: JSON.stringify(newNotice()) })).status).toBe(201)
  })

  test('that is needed and empty lacks its fields', async () => {
    const { request } = apiUnderTest()
    for (const headers of [json, {}]) {
      const { body } = await request('/notices', { method: 'POST', headers, body: '' })
      expect(body).toMatchObject({ status: 422, errors: [{ pointer: '/name' }, { pointer: '/content' }] })
    }
  })

  test('that is not needed may be empty, but holds no unknown fields', async () => {
    const { request, post, draft } = apiUnderTest()
    const path = `/notices/${await draft()}/audience`
    expect((await request(path, { method: 'POST' })).status).toBe(201)
    expect((await request(path, { method: 'POST', headers: json, body: '' })).status).toBe(201)
    expect((await post(path, {})).status).toBe(201)
    expect((await post(path, { force: true })).body).toMatchObject({ status: 422, errors: [{ pointer: '/force' }] })
    expect((await post(path, [])).body).toMatchObject({ status: 422, errors: [{ pointer: '' }] })
  })
})

test.each(['/', '/notice', '/notices/n-1/y', '/notices/'])('there is no route %s', async path => {
  const { get, post } = apiUnderTest()
  for (const answer of [await get(path), await post(path)]) {
    expect(answer.contentType).toBe('application/problem+json')
    expect(answer.body).toMatchObject({ type: 'urn:onlyto:problem:unknown-route', status: 404, instance: path })
  }
})

test.each([
  ['POST', 'audience'],
  ['GET', 'audience'],
  ['POST', 'preview'],
  ['POST', 'approve'],
  ['POST', 'start'],
  ['POST', 'stop'],
  ['POST', 'resume'],
  ['GET', 'status'],
  ['GET', 'report'],
])('%s …/%s of an unknown notice finds none', async (method, action) => {
  const { request } = apiUnderTest()
  const { body } = await request(`/notices/n-20261120-00000000/${action}`, { method })
  expect(body).toMatchObject({ type: 'urn:onlyto:problem:notice-not-found', status: 404 })
})

test('an unknown state to list by is refused by its parameter', async () => {
  const { get } = apiUnderTest()
  expect((await get('/notices?state=sent')).body).toMatchObject({ status: 422, errors: [{ parameter: 'state' }] })
  expect((await get('/notices?stat=draft')).body).toMatchObject({ status: 422, errors: [{ parameter: 'stat' }] })
})

test('an unexpected error is logged and tells the caller nothing of the inside', async () => {
  const cause = new Error('table arn:aws:secret is on fire')
  const failing = apiUnderTest().ports.notices
  const { get, logged } = apiUnderTest({
    notices: {
      ...failing,
      read: async () => {
        throw cause
      },
    },
  })
  const { body, text } = await get('/notices/n-1')
  expect(body).toMatchObject({ type: 'urn:onlyto:problem:unexpected', status: 500 })
  expect(text).not.toContain('secret')
  expect(logged).toEqual([['A request failed', { method: 'GET', path: '/notices/n-1' }, cause]])
})
