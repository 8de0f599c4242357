import * as z from 'zod'
import type { Answer, OperatorLine } from './operator.ts'
import type { World } from './process.ts'
import { audienceFile, content, type Deed, type PlannedNotice } from './scenario.ts'
import type { SeededRandom } from './seeded-random.ts'

/** What an operator knows of a notice. */
export interface OperatedNotice {
  readonly planned: PlannedNotice
  noticeId: string | undefined
  finished: boolean
}

/** Puts a file where a link says; true once S3 has taken it. */
export type PutUpload = (url: string, headers: Readonly<Record<string, string>>, file: string) => Promise<boolean>

const PATIENCE_MS = [500, 6_000] as const
const afterLeak = 'Found and mended: what went wrong in the sender does so no more'
const INDEXED_WITHIN_MS = 90_000

const noticeSchema = z.object({ noticeId: z.string(), state: z.string() })
const statusSchema = noticeSchema.extend({ rejected: z.number() })
const uploadSchema = z.object({ upload: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }) })
const audienceSchema = z.object({ state: z.string() })

/**
 * An operator with one notice, from draft to finished. Whatever gets no answer is asked again; what is stopped once faults
 * have ended is resumed; and nothing else is done by hand.
 */
export async function operate(
  { world, line, putUpload, random }: { world: World; line: OperatorLine; putUpload: PutUpload; random: SeededRandom },
  operated: OperatedNotice,
): Promise<void> {
  const { planned } = operated
  const { faults, scheduler } = world
  const pause = () => line.sleep(random.acrossScales(...PATIENCE_MS))

  async function insist(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    for (let waitMs = 500; ; waitMs = Math.min(20_000, waitMs * 2)) {
      const answer = await line.call(method, path, body)
      if (answer.status < 500) return answer
      await line.sleep(waitMs * random.between(0.5, 1.5))
    }
  }

  /** An impatient operator asks twice at once. */
  async function act(path: string, body?: unknown): Promise<Answer> {
    const ask = () => insist('POST', path, body)
    const [answer] = await Promise.all([ask(), ...(planned.impatient ? [ask()] : [])])
    return answer
  }

  /**
   * Whoever is told that the daily quota is too small accepts days, or asks again until it is not; and whoever is told of a
   * refusal by the leak guard says what its cause was.
   */
  async function run(verb: 'start' | 'resume' | 'retry', noticeId: string, asked: object = {}): Promise<void> {
    const pace = verb === 'start' ? planned.pace : asked
    const { status, text } = await act(`/notices/${noticeId}/${verb}`, pace)
    if (status === 409 && text.includes('leak-not-confirmed')) return run(verb, noticeId, { ...pace, afterLeak })
    const mayTakeDays = status === 409 && text.includes('quota-too-small') && random.chance(0.5)
    if (mayTakeDays) await act(`/notices/${noticeId}/${verb}`, { ...pace, overDays: true })
  }

  async function statusOf(noticeId: string) {
    return statusSchema.parse((await insist('GET', `/notices/${noticeId}/status`)).body)
  }

  async function stateOf(noticeId: string): Promise<string> {
    return (await statusOf(noticeId)).state
  }

  async function prepare(): Promise<string> {
    const draft = { name: `Notice ${planned.number}`, inDoubtPolicy: planned.policy, content }
    const { noticeId } = noticeSchema.parse((await insist('POST', '/notices', draft)).body)
    operated.noticeId = noticeId
    while (!(await uploadAudience(noticeId))) await pause()
    while ((await stateOf(noticeId)) === 'draft') await act(`/notices/${noticeId}/approve`)
    return noticeId
  }

  async function uploadAudience(noticeId: string): Promise<boolean> {
    const link = uploadSchema.safeParse((await insist('POST', `/notices/${noticeId}/audience`)).body)
    if (!link.success) return false
    const { url, headers } = link.data.upload
    if (!(await putUpload(url, headers, audienceFile(planned)))) return false
    const latestMs = scheduler.now() + INDEXED_WITHIN_MS
    while (scheduler.now() < latestMs) {
      await line.sleep(random.between(300, 1500))
      const { state } = audienceSchema.parse((await insist('GET', `/notices/${noticeId}/audience`)).body)
      if (state === 'ready') return true
    }
    return false
  }

  async function perform(deed: Deed, noticeId: string): Promise<unknown> {
    switch (deed) {
      case 'stop':
        return act(`/notices/${noticeId}/stop`)
      case 'resume':
        return run('resume', noticeId)
      case 'stop-all':
        return act('/stop')
      case 'status':
      case 'report':
        return line.call('GET', `/notices/${noticeId}/${deed}`)
      case 'who':
        return line.call('GET', `/notices/${noticeId}/deliveries`)
      case 'look-up':
        return line.call('POST', `/notices/${noticeId}/look-up`, { address: random.pick(planned.people).address })
      case 'list':
        return line.call('GET', '/notices?state=sending')
    }
  }

  async function interfere(noticeId: string): Promise<void> {
    const startedMs = scheduler.now()
    for (const { afterMs, deed } of planned.deeds) {
      await line.sleep(Math.max(0, startedMs + afterMs - scheduler.now()))
      await perform(deed, noticeId)
    }
  }

  /** Waits for the end, ever more patiently; resumes what is stopped, at the latest when nothing goes wrong any more. */
  async function seeThrough(noticeId: string): Promise<{ readonly rejected: number }> {
    for (let waitMs = 1_000; ; waitMs = Math.min(30_000, waitMs * 1.4)) {
      const { state, rejected } = await statusOf(noticeId)
      if (state === 'finished') return { rejected }
      if (state === 'approved') await run('start', noticeId)
      if (state === 'stopped' && (faults.ended() || random.chance(0.6))) await run('resume', noticeId)
      await line.sleep(waitMs * random.between(0.7, 1.3))
    }
  }

  await line.sleep(planned.startsAfterMs)
  const noticeId = await prepare()
  await run('start', noticeId)
  await Promise.all([interfere(noticeId), seeThrough(noticeId)])
  const { rejected } = await seeThrough(noticeId)
  if (planned.retries) {
    await run('retry', noticeId, rejected > 0 ? { rejected: true } : {})
    await seeThrough(noticeId)
  }
  await insist('GET', `/notices/${noticeId}/report`)
  await insist('GET', `/notices/${noticeId}/deliveries`)
  await perform('look-up', noticeId)
  operated.finished = true
}
