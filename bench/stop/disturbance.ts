import { DELAY_PATH, type TableDelay } from '../../local/services/table-delay.ts'
import type { LocalStack } from '../../local/stack.ts'
import { simulatedSes } from '../live/simulated-ses.ts'
import type { StopPlan } from './plans.ts'

/** At this rate senders hold slots that lie seconds ahead. */
const WAITING_RATE = 20
const THROTTLED_SHARE = 0.5

/** Makes what a stop is measured under happen, and ends it. */
export function disturbances({ sesUrl, endpoints }: LocalStack, rate: number) {
  const ses = simulatedSes(sesUrl)
  const slowTables = async (delay: TableDelay) => {
    const url = `${endpoints['AWS_ENDPOINT_URL_DYNAMODB']}${DELAY_PATH}`
    const response = await fetch(url, { method: 'PUT', body: JSON.stringify(delay) })
    if (!response.ok) throw new Error(`The tables cannot be made slow: ${response.status} ${await response.text()}`)
  }
  return {
    /** What must hold when the run begins. */
    before: async ({ situation }: StopPlan) => {
      if (situation === 'waiting') await ses.change({ maxSendRate: WAITING_RATE })
    },
    /** What comes while messages are already on their way. */
    during: async ({ situation, tableDelay }: StopPlan) => {
      if (situation === 'throttled') await ses.addFault({ kind: 'throttle', probability: THROTTLED_SHARE })
      if (situation === 'slow-tables') await slowTables(tableDelay)
    },
    end: async () => {
      await Promise.all([ses.change({ maxSendRate: rate }), ses.clearFaults(), slowTables({})])
    },
  }
}

export type Disturbances = ReturnType<typeof disturbances>
