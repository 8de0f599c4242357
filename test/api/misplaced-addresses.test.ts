import { expect, test } from 'vitest'
import { apiUnderTest } from './api-under-test.ts'

const address = "Zoe.O'Quist+orders@example.com"
const disguises = [
  address,
  encodeURIComponent(address),
  encodeURIComponent(encodeURIComponent(address)),
  encodeURIComponent(`"${address}"`),
  Buffer.from(address).toString('base64url'),
  'Zoe.Quist',
]
const json = { 'content-type': 'application/json' }
const repeats = (answer: { body: unknown }, disguise: string) => JSON.stringify(answer.body).includes(disguise)

test.each(disguises)('an address in the place of an id is neither repeated nor looked for: %s', async disguise => {
  const asked: string[] = []
  const { notices } = apiUnderTest().ports
  const { get, post, logged } = apiUnderTest({
    notices: {
      ...notices,
      read: noticeId => {
        asked.push(noticeId)
        return notices.read(noticeId)
      },
    },
  })
  const answers = await Promise.all([
    ...['', '/status', '/report', '/deliveries', `/${disguise}`].map(rest => get(`/notices/${disguise}${rest}`)),
    ...['/start', '/stop', '/look-up', '/audience'].map(rest => post(`/notices/${disguise}${rest}`, {})),
    get(`/${disguise}`),
    get(`/customers/${disguise}`),
  ])
  for (const answer of answers) {
    expect(answer.body).toMatchObject({ status: 404 })
    expect(repeats(answer, disguise)).toBe(false)
    expect(repeats(answer, decodeURIComponent(disguise))).toBe(false)
  }
  expect(asked).toEqual([])
  expect(logged).toEqual([])
})

test.each(disguises)('an address in the place of a field or a parameter is not repeated: %s', async disguise => {
  const { get, post, draft } = apiUnderTest()
  const path = `/notices/${await draft()}`
  const answers = [
    await post('/notices', { [disguise]: 1 }),
    await post('/notices', { name: 'x', content: { variants: { [disguise]: { [disguise]: 1 } } } }),
    await post(`${path}/preview`, { locale: disguise }),
    await post(`${path}/look-up`, { address: `${disguise}, please`, [disguise]: 1 }),
    await get(`${path}/deliveries?${encodeURIComponent(disguise)}=1&fate=${encodeURIComponent(disguise)}`),
  ]
  for (const answer of answers) {
    expect(answer.body).toMatchObject({ status: expect.any(Number) })
    expect(repeats(answer, disguise)).toBe(false)
  }
})

test('an address in the name of a media type is not repeated', async () => {
  const { request } = apiUnderTest()
  for (const type of [`text/plain; name="${address}"`, address, `text/${address}`]) {
    const answer = await request('/notices', { method: 'POST', headers: { 'content-type': type }, body: '{}' })
    expect(answer.body).toMatchObject({ status: 415 })
    expect(repeats(answer, 'Quist')).toBe(false)
  }
})

test('what is no address is still named, so that it can be mended', async () => {
  const { get, post, request } = apiUnderTest()
  expect((await get('/notice/n-20261120-3f8k2mq7')).body).toMatchObject({ instance: '/notice/n-20261120-3f8k2mq7' })
  expect((await post('/notices', { nmae: 1 })).body.errors).toContainEqual(
    expect.objectContaining({ pointer: '/nmae' }),
  )
  const typed = await request('/notices', {
    method: 'POST',
    headers: { ...json, 'content-type': 'text/csv' },
    body: 'x',
  })
  expect(typed.body.detail).toContain('text/csv')
})
