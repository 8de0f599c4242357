import { describe, expect, test } from 'vitest'
import { sealed } from '../memory/memory-audience-keys.ts'
import { apiUnderTest, customers, newNotice, operator, unreadyAudiences } from './api-under-test.ts'

describe('a preview', () => {
  test('is the message of a recipient of the audience, in the recipient’s locale', async () => {
    const { post, draft, index } = apiUnderTest()
    const noticeId = await draft()
    await index(noticeId, customers)
    expect((await post(`/notices/${noticeId}/preview`)).body).toEqual({
      kind: 'rendered',
      locale: 'es',
      subject: 'Hola Ana',
      text: 'Hola Ana',
      html: '<p>Ana</p>',
    })
    const last = await post(`/notices/${noticeId}/preview`, { recipient: 149, locale: 'en-GB' })
    expect(last.body).toMatchObject({ locale: 'en', subject: 'Hello Customer 147' })
  })

  test('never holds the recipient’s address, even where a variable repeats it', async () => {
    const { post, draft, index } = apiUnderTest()
    const noticeId = await draft()
    await index(noticeId, customers)
    const { body } = await post(`/notices/${noticeId}/preview`, { recipient: 1 })
    expect(body.html).toBe('<p>Bob &lt;b&gt; & [address]</p>')
    expect(body.text).toBe('Dear Bob <b>,\nplan [address]')
  })

  test('says what the leak guard would refuse, and shows nothing of it', async () => {
    const { post, draft, index } = apiUnderTest()
    const noticeId = await draft()
    const [ana, ...others] = customers
    if (ana === undefined) throw new Error('No customer')
    const named = sealed({ ...ana, variables: { ...ana.variables, name: 'of bob@customers.test' } })
    await index(noticeId, [named, ...others])
    const { body } = await post(`/notices/${noticeId}/preview`)
    expect(body).toMatchObject({ kind: 'refused', rule: 'foreign-address', field: 'Content.Simple.Subject' })
    expect(body.means).toMatch(/^An address stands in it/)
    expect(JSON.stringify(body)).not.toContain('bob')
    expect((await post(`/notices/${noticeId}/preview`, { recipient: 1 })).body.kind).toBe('rendered')
  })

  test('can be made up of variables, before there is an audience', async () => {
    const { post, draft } = apiUnderTest()
    const path = `/notices/${await draft()}/preview`
    expect((await post(path, { variables: { name: 'Eve', plan: 'X' } })).body).toMatchObject({ subject: 'Hello Eve' })
    expect((await post(path, { variables: { name: 'Eve' } })).body).toEqual({
      kind: 'failed',
      reason: 'The text in "en" names "plan", which the recipient does not have.',
    })
  })

  test.each<[string, object, string]>([
    ['of a recipient beyond the last', { recipient: 150 }, '/recipient'],
    ['of a recipient before the first', { recipient: -1 }, '/recipient'],
    ['in an unknown locale', { locale: 'xx' }, '/locale'],
    ['of a recipient and of variables at once', { recipient: 0, variables: {} }, '/variables'],
    ['with an unknown field', { address: 'ana@customers.test' }, '/address'],
  ])('%s is refused', async (_what, request, pointer) => {
    const { post, draft, index } = apiUnderTest()
    const noticeId = await draft()
    await index(noticeId, customers)
    expect((await post(`/notices/${noticeId}/preview`, request)).body).toMatchObject({
      status: 422,
      errors: [{ pointer }],
    })
  })

  test('of a recipient needs the audience', async () => {
    const { post, draft } = apiUnderTest()
    const { body } = await post(`/notices/${await draft()}/preview`, { recipient: 0 })
    expect(body).toMatchObject({ type: 'urn:onlyto:problem:audience-not-ready', status: 409 })
  })
})

describe('an approval', () => {
  test('binds the digests of content and audience to the one who gave it', async () => {
    const { post, ports, draft, index } = apiUnderTest()
    const noticeId = await draft()
    await index(noticeId, customers)
    const { status, body } = await post(`/notices/${noticeId}/approve`)
    const notice = await ports.notices.read(noticeId)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      state: 'approved',
      approval: {
        by: operator,
        at: '2026-11-20T12:00:00.000Z',
        contentDigest: notice?.contentDigest,
        audienceDigest: notice?.audience?.state === 'ready' && notice.audience.digest,
      },
    })
  })

  test.each(unreadyAudiences)('is refused while the audience %s', async (how, audience, remedy) => {
    const { post, ports, draft, setAudience } = apiUnderTest()
    const noticeId = await draft()
    await setAudience(noticeId, audience)
    const before = await ports.notices.read(noticeId)
    const { body } = await post(`/notices/${noticeId}/approve`)
    expect(body).toMatchObject({ type: 'urn:onlyto:problem:audience-not-ready', status: 409 })
    expect(body.detail).toContain(how)
    expect(body.detail).toContain(remedy)
    expect(await ports.notices.read(noticeId)).toEqual(before)
  })

  test('is refused when the content names a variable that no row has', async () => {
    const { post, ports, draft, index } = apiUnderTest()
    const { variants } = newNotice().content
    const en = { ...variants.en, html: '<p>{{name}}</p>\n<p>{{promo}}</p>' }
    const noticeId = await draft(newNotice({ content: { defaultLocale: 'en', variants: { ...variants, en } } }))
    await index(noticeId, customers)
    const before = await ports.notices.read(noticeId)
    const { body } = await post(`/notices/${noticeId}/approve`)
    expect(body).toMatchObject({ type: 'urn:onlyto:problem:variables-missing', status: 409 })
    expect(body.errors).toEqual([
      {
        pointer: '/content/variants/en/html',
        detail: 'The html in "en" names "promo" in its line 2, which the audience does not have. It has name, plan.',
        remedy: expect.any(String),
      },
    ])
    expect(await ports.notices.read(noticeId)).toEqual(before)
  })

  test('is refused when some rows lack a variable, and names the first of them', async () => {
    const { post, draft, index } = apiUnderTest()
    const noticeId = await draft()
    const variables = { name: { present: 150 }, plan: { present: 147, firstMissingLine: 17 } }
    await index(noticeId, customers, { variables })
    const { body } = await post(`/notices/${noticeId}/approve`)
    expect(body.errors).toMatchObject([
      {
        pointer: '/content/variants/en/text',
        detail: expect.stringContaining('3 of 150 recipients lack, first in line 17'),
      },
      { pointer: '/content/variants/en/html' },
    ])
  })

  test('asks nothing of a variant that nobody gets', async () => {
    const { post, draft, index } = apiUnderTest()
    const { variants } = newNotice().content
    const fr = { subject: '{{promo}}', text: '{{promo}}', html: '{{promo}}' }
    const noticeId = await draft(newNotice({ content: { defaultLocale: 'en', variants: { ...variants, fr } } }))
    await index(noticeId, customers)
    expect((await post(`/notices/${noticeId}/approve`)).status).toBe(200)
  })

  test('is refused when the audience was replaced while it was checked', async () => {
    const under = apiUnderTest()
    const noticeId = await under.draft()
    await under.index(noticeId, customers)
    const { contents, notices } = under.ports
    const racing = apiUnderTest({
      notices,
      contents: {
        ...contents,
        get: async digest => {
          await notices.expectAudience(noticeId, 'a-newer', operator, 1)
          return contents.get(digest)
        },
      },
    })
    const { body } = await racing.post(`/notices/${noticeId}/approve`)
    expect(body).toMatchObject({ type: 'urn:onlyto:problem:changed-meanwhile', status: 409 })
    expect(await notices.read(noticeId)).toMatchObject({ state: 'draft', audience: { audienceId: 'a-newer' } })
  })
})
