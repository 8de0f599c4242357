import { grantRate, nextSlots, type Window } from '../../functions/pacer/gcra.ts'
import type { PacerState } from '../../functions/pacer/pacer-store.ts'
import { slowDown } from '../../functions/pacer/slow-down.ts'
import { seededRandom } from '../simulation/seeded-random.ts'

/** An SES account that something else sends with as well: a bucket of a tenth of a second, senders that always want more. */
export interface SharedAccount {
  /** What SES grants; the pacer is granted all of it. */
  readonly maxSendRate: number
  readonly senders: number
  readonly seconds: number
  /** What others send, a second, at a time in seconds: at random moments. */
  readonly foreign: (second: number) => number
  readonly seed: number
}

export interface SecondOfSending {
  accepted: number
  throttled: number
  foreignAccepted: number
  foreignThrottled: number
  /** The interval of the last slot used in it, as a part of the granted rate. */
  pace: number
}

const BUCKET_SECONDS = 0.1
const BUCKET_LEAST = 2
const ANSWER_US = 80_000
const RESERVATION_US = 10_000
const BATCH = 100
const nothing = { accepted: 0, throttled: 0, foreignAccepted: 0, foreignThrottled: 0, pace: 1 }
const START_US = 1_800_000_000_000_000

interface Sender {
  window: Window | undefined
  used: number
  nextUs: number
}

export function sendBesideOthers(account: SharedAccount): readonly SecondOfSending[] {
  const { maxSendRate, senders: count, seconds, foreign, seed } = account
  const random = seededRandom(`foreign-${seed}`)
  const perSecond = Array.from({ length: seconds }, () => ({ ...nothing }))
  const endUs = START_US + seconds * 1_000_000
  const capacity = Math.max(BUCKET_LEAST, maxSendRate * BUCKET_SECONDS)
  const senders: Sender[] = Array.from({ length: count }, () => ({ window: undefined, used: 0, nextUs: START_US }))
  const refusedAtUs: number[] = []
  let state: PacerState = grantRate(undefined, maxSendRate, START_US)
  let tokens = capacity
  let filledUs = START_US
  let foreignUs = START_US

  function admitted(atUs: number): boolean {
    tokens = Math.min(capacity, tokens + ((atUs - filledUs) * maxSendRate) / 1_000_000)
    filledUs = atUs
    if (tokens < 1) return false
    tokens--
    return true
  }

  function foreignCall(atUs: number) {
    const rate = foreign((atUs - START_US) / 1_000_000)
    const second = perSecond[Math.floor((atUs - START_US) / 1_000_000)]
    if (rate > 0 && second !== undefined) second[admitted(atUs) ? 'foreignAccepted' : 'foreignThrottled']++
    foreignUs = atUs + (rate > 0 ? (-Math.log(1 - random.next()) / rate) * 1_000_000 : 100_000)
  }

  function act(sender: Sender) {
    const { window, nextUs } = sender
    if (window === undefined) {
      const next = nextSlots(state, BATCH, nextUs)
      state = { ...state, tatUs: next.window.startUs + next.advanceUs }
      Object.assign(sender, { window: next.window, used: 0, nextUs: next.window.startUs })
      return
    }
    const second = perSecond[Math.floor((nextUs - START_US) / 1_000_000)]
    const taken = admitted(nextUs)
    if (!taken) refusedAtUs.push(nextUs + ANSWER_US)
    if (second !== undefined) {
      second[taken ? 'accepted' : 'throttled']++
      second.pace = state.baseIntervalUs / window.intervalUs
    }
    sender.used++
    if (sender.used < window.slots) sender.nextUs = window.startUs + sender.used * window.intervalUs
    else Object.assign(sender, { window: undefined, nextUs: nextUs + RESERVATION_US })
  }

  for (;;) {
    const sender = senders.reduce((a, b) => (b.nextUs < a.nextUs ? b : a))
    const refusedUs = refusedAtUs[0] ?? Number.POSITIVE_INFINITY
    const nowUs = Math.min(sender.nextUs, refusedUs, foreignUs)
    if (nowUs >= endUs) return perSecond
    if (nowUs === refusedUs) {
      refusedAtUs.shift()
      const slowed = slowDown(state, Math.round(nowUs))
      if (slowed !== state) state = { ...slowed, pacedFromUs: state.tatUs }
    } else if (nowUs === foreignUs) foreignCall(nowUs)
    else act(sender)
  }
}
