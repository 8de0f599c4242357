import type { Clock } from '../functions/runtime/clock.ts'
import type { StatusAnswer } from './api-answers.ts'
import type { ApiClient } from './api-client.ts'
import { patiently } from './patiently.ts'
import { showProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'

export type Watched =
  | { kind: 'ended'; status: StatusAnswer }
  /** The user broke off. The notice goes on. */
  | { kind: 'interrupted' }

/** Follows a notice until it is not being sent any more. */
export async function watchNotice(
  client: ApiClient,
  noticeId: string,
  { terminal, clock, pollIntervalMs }: { terminal: Terminal; clock: Clock; pollIntervalMs: number },
): Promise<Watched> {
  const progress = showProgress(terminal.notes)
  const interruption = terminal.interruption()
  try {
    for (;;) {
      const status = await Promise.race([patiently(clock, () => client.readStatus(noticeId)), interruption])
      if (status === 'interrupted') return { kind: 'interrupted' }
      progress.update(status, clock.now())
      if (status.state !== 'sending') return { kind: 'ended', status }
      await Promise.race([clock.sleep(pollIntervalMs), interruption])
    }
  } finally {
    progress.end()
  }
}
