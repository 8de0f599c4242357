import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from 'vitest'
import { dynamoPacerStore } from '../../functions/pacer/dynamo-pacer-store.ts'
import { grantRate } from '../../functions/pacer/gcra.ts'

const state = grantRate(undefined, 14, 1_800_000_000_000_000)

/** A table whose answers say that it is this much later there. */
function tableAt(aheadMs: () => number) {
  const written: string[] = []
  const client = new DynamoDBClient({
    endpoint: 'http://127.0.0.1:1',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: {
      handle: async (request: { readonly headers: Readonly<Record<string, string>> }) => {
        written.push(String(request.headers['x-amz-target']).replace(/.*\./, ''))
        const date = new Date(Date.now() + aheadMs()).toUTCString()
        const body = new TextEncoder().encode('{}')
        return { response: { statusCode: 200, headers: { date }, body } }
      },
    },
  })
  return { written, store: dynamoPacerStore(DynamoDBDocumentClient.from(client), 'notices', 'eu-west-1') }
}

describe('A computer whose clock is wrong', () => {
  it.each([-3_600_000, -60_000, 60_000])('by %d ms takes no slots', async aheadMs => {
    const { store, written } = tableAt(() => aheadMs)
    await store.read()
    await expect(store.extend(100, 1, 0)).rejects.toMatchObject({ code: 'clock-off' })
    await expect(store.replace(state, state)).rejects.toMatchObject({ code: 'clock-off' })
    expect(written.filter(operation => operation !== 'GetItem')).toEqual([])
  })

  it('takes slots again once it is right, and while it is off by no more than an answer may be late', async () => {
    let aheadMs = -3_600_000
    const { store } = tableAt(() => aheadMs)
    await store.read()
    await expect(store.replace(state, state)).rejects.toMatchObject({ code: 'clock-off' })
    aheadMs = 20_000
    expect(await store.replace(state, state)).toBe(true)
  })
})
