import type { WrittenNotice } from '../../cli/notice-directory.ts'
import { readForSending } from '../../cli/send-notice.ts'
import { BATCH_SIZE } from '../../functions/recipient/recipient.ts'
import { exampleNotice, expectFrom, provideAudienceFile } from '../demo/demo-audience.ts'
import type { Expectation } from '../demo/message-inspection.ts'

/** Whom every case sends to, and what each of them should read. */
export interface DrillAudience {
  readonly file: string
  readonly written: WrittenNotice
  readonly expectation: Expectation
}

/** Seconds at full rate: so many that a notice never ends before it is stopped. */
const SECONDS = 8

export async function provideDrillAudience(rate: number, from: string): Promise<DrillAudience> {
  const recipients = BATCH_SIZE * Math.ceil((rate * SECONDS) / BATCH_SIZE)
  const file = await provideAudienceFile(recipients)
  const written = await readForSending(exampleNotice, file)
  return { file, written, expectation: await expectFrom(file, written, from) }
}
