import { describe, expect, it } from 'vitest'
import type { Pace } from '../../functions/notice/notice.ts'
import type { SendQuota } from '../../functions/ses/account.ts'
import { dispatcherWorld, scheduled } from './dispatcher-world.ts'

interface Sent {
  readonly batches: number
  readonly pace?: Partial<Pace>
  readonly quota?: Partial<SendQuota>
}

/** What the first look tells, by metric. Notices may have half of the account's rate of 100 a second, and of its quota. */
async function firstLevels(sent?: Sent): Promise<Readonly<Record<string, number>>> {
  const world = dispatcherWorld()
  world.account.quota = { ...quotaForMore, ...sent?.quota }
  if (sent !== undefined) await world.start('n-1', sent.batches, { pace: sent.pace ?? {} })
  const told = new Map<string, number>()
  let looks = 0
  const metrics = {
    count: (name: string, value: number) => void (looks === 0 && value > 0 && told.set(name, value)),
    flush: () => void looks++,
  }
  await world.handlerOf({ metrics })(scheduled)
  return Object.fromEntries(told)
}

const quotaForMore = { maxSendRate: 100, max24HourSend: 10_000, sentLast24Hours: 1_000, sendingEnabled: true }

describe('The levels', () => {
  it('are told while a notice is being sent: how much is left, how fast, and how much of the quota is used', async () => {
    expect(await firstLevels({ batches: 12 })).toMatchObject({
      ...{ Heartbeat: 1, AccountRate: 100, GrantedRate: 50, Unsent: 1_200, QuotaUsed: 10 },
    })
    expect(await firstLevels()).toEqual({ Heartbeat: 1 })
  })

  it('say how many are short of quota, and nobody where there is room for all', async () => {
    expect((await firstLevels({ batches: 40 }))['QuotaShort']).toBeUndefined()
    expect((await firstLevels({ batches: 41 }))['QuotaShort']).toBe(100)
    expect((await firstLevels({ batches: 12, quota: { sentLast24Hours: 4_900 } }))['QuotaShort']).toBe(1_100)
  })

  it('call nobody short of quota who is to wait for days, nor where the quota is unlimited', async () => {
    expect((await firstLevels({ batches: 41, pace: { overDays: true } }))['QuotaShort']).toBeUndefined()
    const unlimited = await firstLevels({ batches: 41, quota: { max24HourSend: undefined } })
    expect([unlimited['QuotaShort'], unlimited['QuotaUsed']]).toEqual([undefined, undefined])
  })
})
