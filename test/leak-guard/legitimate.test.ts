import { describe, expect, it } from 'vitest'
import { InspectedMail } from '../../functions/leak-guard/inspected-mail.ts'
import { seed, times } from './corpus/effort.ts'
import { legitimate } from './corpus/legitimate/generate.ts'
import { Seeded } from './corpus/legitimate/seeded.ts'

const NOTICES = times(250)
const RECIPIENTS = 40

describe('Alone: no false alarm', () => {
  it(`passes ${NOTICES * RECIPIENTS} legitimate messages (SEED=${seed})`, { timeout: 120_000 }, () => {
    const refused: unknown[] = []
    let inspected = 0
    for (const { request, permitted } of legitimate(new Seeded(seed), NOTICES, RECIPIENTS)) {
      const verdict = InspectedMail.inspect(request, permitted)
      if (verdict.kind === 'refused') refused.push({ ...verdict, permitted, request })
      inspected++
      if (refused.length > 2) break
    }
    expect(refused).toEqual([])
    expect(inspected).toBe(NOTICES * RECIPIENTS)
  })
})
