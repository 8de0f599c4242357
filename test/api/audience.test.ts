import { S3Client } from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { s3AudienceLinks } from '../../functions/api/s3-audience-links.ts'
import { NO_RECIPIENTS } from '../../functions/recipient/audience.ts'
import { apiUnderTest, customers, startOfTest } from './api-under-test.ts'

describe('the audience of a notice', () => {
  test('gets an upload link that lasts an hour', async () => {
    const { post, get, draft } = apiUnderTest()
    const noticeId = await draft()
    const { status, body } = await post(`/notices/${noticeId}/audience`)
    expect(status).toBe(201)
    expect(body).toEqual({
      audienceId: expect.stringMatching(/^a-[0-9a-z]{16}$/),
      upload: {
        method: 'PUT',
        url: `https://bucket.test/uploads/${noticeId}/${body.audienceId}?signature`,
        headers: { 'if-none-match': '*' },
        expiresAt: '2026-11-20T13:00:00.000Z',
      },
    })
    expect((await get(`/notices/${noticeId}/audience`)).body).toEqual({
      state: 'awaiting-upload',
      audienceId: body.audienceId,
    })
  })

  test('is reported with its refused rows and the variant that each locale gets', async () => {
    const { get, draft, index } = apiUnderTest()
    const noticeId = await draft()
    await index(noticeId, customers)
    const { status, body } = await get(`/notices/${noticeId}/audience`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      state: 'ready',
      rows: 152,
      recipients: 150,
      refusedRows: 2,
      refusedByReason: { duplicate: 1, 'address-without-domain': 1 },
      batches: 2,
      variants: [
        { locale: 'en', recipients: 148, variant: 'en' },
        { locale: '', recipients: 1, variant: 'en' },
        { locale: 'es-MX', recipients: 1, variant: 'es' },
      ],
      refusedRowsUrl: `https://bucket.test/audiences/${body.audienceId}/refused-rows.csv?signature`,
    })
  })

  test('has no link to refused rows when none was refused', async () => {
    const { get, draft, index } = apiUnderTest()
    const noticeId = await draft()
    await index(noticeId, customers, { refusedRows: 0 })
    expect((await get(`/notices/${noticeId}/audience`)).body).not.toHaveProperty('refusedRowsUrl')
  })

  test('says what was wrong with the file', async () => {
    const { get, draft, setAudience } = apiUnderTest()
    const noticeId = await draft()
    const problem = { code: 'no-email-column', message: 'There is no column email.', line: 1 }
    await setAudience(noticeId, audienceId => ({ state: 'refused', audienceId, problem }))
    expect((await get(`/notices/${noticeId}/audience`)).body).toMatchObject({ state: 'refused', problem })
  })

  test('whose every row was refused has the link to them as well', async () => {
    const { get, draft, setAudience } = apiUnderTest()
    const noticeId = await draft()
    const problem = { code: NO_RECIPIENTS, message: 'No row of 2 can be sent to.', line: 2 }
    await setAudience(noticeId, audienceId => ({ state: 'refused', audienceId, problem }))
    const { body } = await get(`/notices/${noticeId}/audience`)
    expect(body.refusedRowsUrl).toBe(`https://bucket.test/audiences/${body.audienceId}/refused-rows.csv?signature`)
  })

  test('that nobody has asked for is not there', async () => {
    const { get, draft } = apiUnderTest()
    const { body } = await get(`/notices/${await draft()}/audience`)
    expect(body).toMatchObject({ type: 'urn:onlyto:problem:no-audience', status: 404 })
  })

  test('can be replaced, which takes an approval back', async () => {
    const { post, get, draft, index } = apiUnderTest()
    const noticeId = await draft()
    await index(noticeId, customers)
    expect((await post(`/notices/${noticeId}/approve`)).body.state).toBe('approved')
    await post(`/notices/${noticeId}/audience`)
    const { body } = await get(`/notices/${noticeId}`)
    expect(body.state).toBe('draft')
    expect(body).not.toHaveProperty('approval')
  })

  test('cannot be replaced once the notice was started', async () => {
    const { ports, post, draft, index } = apiUnderTest()
    const noticeId = await draft()
    await index(noticeId, customers)
    await post(`/notices/${noticeId}/approve`)
    await post(`/notices/${noticeId}/start`)
    const before = await ports.notices.read(noticeId)
    const { body } = await post(`/notices/${noticeId}/audience`)
    expect(body).toMatchObject({
      type: 'urn:onlyto:problem:state-conflict',
      detail: expect.stringContaining('Create a new notice for another audience.'),
    })
    expect(await ports.notices.read(noticeId)).toEqual(before)
  })
})

describe('a presigned link', () => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new S3Client({ region: 'eu-west-1', credentials, requestChecksumCalculation: 'WHEN_REQUIRED' })
  const links = s3AudienceLinks(client, 'audiences', { now: () => startOfTest, sleep: async () => {} })

  test('to upload takes any file, once, for an hour', async () => {
    const { url, headers, expiresAtMs } = await links.upload('n-1', 'a-1')
    const { pathname, searchParams } = new URL(url)
    expect(pathname).toBe('/uploads/n-1/a-1')
    expect(searchParams.get('X-Amz-Expires')).toBe('3600')
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe('host;if-none-match')
    expect([...searchParams.keys()].filter(name => name.includes('checksum'))).toEqual([])
    expect(headers).toEqual({ 'if-none-match': '*' })
    expect(expiresAtMs - startOfTest).toBe(3_600_000)
  })

  test('to the recipients lasts 15 minutes', async () => {
    const { recipientsUrl, batchesUrl, expiresAtMs } = await links.recipients('a-1')
    const urls = [recipientsUrl, batchesUrl].map(url => new URL(url))
    expect(urls.map(({ pathname }) => pathname)).toEqual(['/audiences/a-1/recipients.ndjson', '/audiences/a-1/batches'])
    expect(urls.map(({ searchParams }) => searchParams.get('X-Amz-Expires'))).toEqual(['900', '900'])
    expect(expiresAtMs - startOfTest).toBe(900_000)
  })

  test('to the refused rows lasts five minutes', async () => {
    const { pathname, searchParams } = new URL(await links.refusedRows('a-1'))
    expect(pathname).toBe('/audiences/a-1/refused-rows.csv')
    expect(searchParams.get('X-Amz-Expires')).toBe('300')
  })
})
