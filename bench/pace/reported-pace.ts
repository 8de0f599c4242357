import * as z from 'zod'
import type { LocalStack } from '../../local/stack.ts'

const answer = z.object({
  utilisation: z.number().optional(),
  throttles: z.number().optional(),
  idleMsPerMessage: z.number().optional(),
})

/** What OnlyTo's own report says of a notice's pace, as far as it does. */
export type ReportedPace = z.output<typeof answer>

export async function reportedPace({ apiUrl }: LocalStack, noticeId: string): Promise<ReportedPace> {
  const response = await fetch(`${apiUrl}/notices/${encodeURIComponent(noticeId)}/report`)
  return answer.parse(await response.json())
}
