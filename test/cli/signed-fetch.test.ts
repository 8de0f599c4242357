import { expect, test } from 'vitest'
import { regionOf, signedFetch } from '../../cli/signed-fetch.ts'

test('a request to a deployed API is signed for execute-api in its region, body included', async () => {
  const sent: RequestInit[] = []
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' }
  const fetch = signedFetch(
    (_, init) => {
      sent.push(init)
      return Promise.resolve(new Response('{}'))
    },
    'eu-west-1',
    credentials,
  )
  const url = 'https://abc.execute-api.eu-west-1.amazonaws.com/notices?state=draft'
  for (const body of ['{"a":1}', '{"a":2}'])
    await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
  const [first, second] = sent.map(({ headers }) => new Headers(headers).get('authorization') ?? '')
  expect(first).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/execute-api\/aws4_request, SignedHeaders=content-type;host;/,
  )
  expect(first?.split('Signature=')[1]).not.toBe(second?.split('Signature=')[1])
  expect(new Headers(sent[0]?.headers).get('x-amz-security-token')).toBe('token')
})

test('the region comes from the address, or else from AWS_REGION, or else the user is told', () => {
  expect(regionOf('abc.execute-api.ap-northeast-1.amazonaws.com', {})).toBe('ap-northeast-1')
  expect(regionOf('notices.exchange.example', { AWS_REGION: 'eu-west-1' })).toBe('eu-west-1')
  expect(() => regionOf('notices.exchange.example', {})).toThrow('region of notices.exchange.example is not known')
})
