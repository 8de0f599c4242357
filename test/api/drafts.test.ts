import { describe, expect, test } from 'vitest'
import { apiUnderTest, newNotice, operator } from './api-under-test.ts'

describe('a draft', () => {
  test('is created with its author, canonical locales and the stack’s sender, and can be read with its content', async () => {
    const { post, get } = apiUnderTest()
    const { content } = newNotice()
    const variants = { EN: content.variants.en, 'zh-hant': content.variants.es }
    const created = await post('/notices', newNotice({ content: { defaultLocale: 'en', variants } }))
    expect(created.status).toBe(201)
    expect(created.body).toMatchObject({
      noticeId: expect.stringMatching(/^n-20261120-[0-9a-z]{8}$/),
      name: 'Index change',
      state: 'draft',
      run: 0,
      from: { address: 'notices@example.com' },
      replyTo: 'support@example.com',
      defaultLocale: 'en',
      locales: ['en', 'zh-Hant'],
      inDoubtPolicy: 'resend',
      createdBy: operator,
      createdAt: '2026-11-20T12:00:00.000Z',
    })
    const read = await get(`/notices/${created.body.noticeId}`)
    expect(read.status).toBe(200)
    expect(read.body).toEqual({
      ...created.body,
      content: { defaultLocale: 'en', variants: { en: content.variants.en, 'zh-Hant': content.variants.es } },
    })
  })

  test('is in the list, newest first, and found by its state', async () => {
    const { draft, get, time } = apiUnderTest()
    const older = await draft()
    time.nowMs += 1000
    const newer = await draft()
    const ids = async (path: string) => (await get(path)).body.notices.map((n: { noticeId: string }) => n.noticeId)
    expect(await ids('/notices')).toEqual([newer, older])
    expect(await ids('/notices?state=draft')).toEqual([newer, older])
    expect(await ids('/notices?state=sending')).toEqual([])
  })

  test.each([
    ['example.com', 'Notices@EXAMPLE.com', 'notices@example.com'],
    ['notices@example.com', 'NOTICES@example.com', 'notices@example.com'],
  ])('of identity %s may be sent from %s, spelled %s', async (senderIdentity, address, spelled) => {
    const { post } = apiUnderTest({ senderIdentity })
    const { body } = await post('/notices', newNotice({ from: { name: 'Example', address } }))
    expect(body.from).toEqual({ name: 'Example', address: spelled })
  })
})

test('a reply address is normalised, its domain into Punycode', async () => {
  const { post } = apiUnderTest()
  const { body } = await post('/notices', newNotice({ replyTo: ' Support@bücher.example ' }))
  expect(body.replyTo).toBe('support@xn--bcher-kva.example')
})

describe('a draft is refused, and nothing is created', () => {
  const variant = { subject: 's', text: 't', html: 'h' }
  const content = (changes: object) => ({ content: { defaultLocale: 'en', variants: { en: variant }, ...changes } })
  const broken = (changes: object) => content({ variants: { en: { ...variant, ...changes } } })

  test.each<[string, object, string, string]>([
    ['without a name', { name: undefined }, '/name', 'missing'],
    ['with a name of two lines', { name: 'a\nb' }, '/name', 'Line breaks'],
    ['with an unknown field', { naem: 'x' }, '/naem', 'not known'],
    ['with an unknown policy', { inDoubtPolicy: 'forget' }, '/inDoubtPolicy', 'resend'],
    ['with a sender of another domain', { from: { address: 'me@example.org' } }, '/from/address', 'verified'],
    ['with a sender that is no address', { from: { address: 'me' } }, '/from/address', 'bare address'],
    ['with a line break in the sender’s name', { from: { name: 'a\r\nBcc: b' } }, '/from/name', 'Line breaks'],
    ['with a reply address list', { replyTo: 'a@example.com, b@example.com' }, '/replyTo', 'bare address'],
    ['without content', { content: undefined }, '/content', 'missing'],
    ['without the default locale', content({ defaultLocale: 'fr' }), '/content/defaultLocale', 'no variant'],
    [
      'with an unknown locale',
      content({ variants: { en: variant, xx: variant } }),
      '/content/variants/xx',
      'not a known',
    ],
    ['without a text body', broken({ text: undefined }), '/content/variants/en/text', 'missing'],
    ['with a subject of two lines', broken({ subject: 'a\nb' }), '/content/variants/en/subject', 'one line'],
    ['with broken syntax', broken({ html: 'one\ntwo {{#if x}}' }), '/content/variants/en/html', 'Line 2'],
    ['with raw customer data', broken({ html: '{{{name}}}' }), '/content/variants/en/html', '{{name}}'],
    ['with a partial', broken({ text: '{{> footer}}' }), '/content/variants/en/text', 'Partials'],
  ])('%s', async (_what, changes, pointer, detail) => {
    const { post, ports } = apiUnderTest()
    const { status, contentType, body } = await post('/notices', newNotice(changes))
    expect(contentType).toBe('application/problem+json')
    expect(body).toMatchObject({ type: 'urn:onlyto:problem:invalid-request', status: 422, instance: '/notices' })
    expect(status).toBe(422)
    expect(body.errors).toMatchObject([{ pointer, detail: expect.stringContaining(detail) }])
    expect(await ports.notices.list()).toEqual([])
  })

  test('when the stack’s identity is a domain and no sender is given', async () => {
    const { post } = apiUnderTest({ senderIdentity: 'example.com' })
    const { body } = await post('/notices', newNotice())
    expect(body.errors).toMatchObject([{ pointer: '/from/address', remedy: 'Give an address of example.com.' }])
  })

  test('with all its faults at once', async () => {
    const { post } = apiUnderTest()
    const faults = { from: { address: 'x@example.org' }, content: { defaultLocale: 'fr', variants: { en: variant } } }
    const { body } = await post('/notices', newNotice(faults))
    expect(body.errors).toHaveLength(2)
  })

  test('when nobody has signed the request', async () => {
    const { request, ports } = apiUnderTest()
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(newNotice()) }
    expect((await request('/notices', init, {})).body).toMatchObject({ status: 401 })
    expect(await ports.notices.list()).toEqual([])
  })
})
