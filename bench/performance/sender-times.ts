import type { Process } from '../../test/simulation/process.ts'

/** What Lambda bills of the senders, and how much of it nobody was being sent to. */
export interface SenderTimes {
  begin(process: Process): void
  end(process: Process): void
  callBegins(process: Process): void
  callEnds(process: Process): void
  totals(): SenderTotals
}

export interface SenderTotals {
  readonly invocations: number
  readonly billedMs: number
  /** Of the billed time: without a call to SES in flight. */
  readonly idleMs: number
}

interface Working {
  readonly beganAtMs: number
  idleSinceMs: number | undefined
  inFlight: number
}

export function senderTimes(now: () => number): SenderTimes {
  const working = new Map<Process, Working>()
  let invocations = 0
  let billedMs = 0
  let idleMs = 0

  function endIdle(work: Working): void {
    if (work.idleSinceMs !== undefined) idleMs += now() - work.idleSinceMs
    work.idleSinceMs = undefined
  }

  return {
    begin: process => {
      invocations++
      working.set(process, { beganAtMs: now(), idleSinceMs: now(), inFlight: 0 })
    },
    end: process => {
      const work = working.get(process)
      if (work === undefined) return
      endIdle(work)
      billedMs += now() - work.beganAtMs
      working.delete(process)
    },
    callBegins: process => {
      const work = working.get(process)
      if (work === undefined) return
      endIdle(work)
      work.inFlight++
    },
    callEnds: process => {
      const work = working.get(process)
      if (work === undefined) return
      work.inFlight--
      if (work.inFlight === 0) work.idleSinceMs = now()
    },
    totals: () => ({ invocations, billedMs, idleMs }),
  }
}
