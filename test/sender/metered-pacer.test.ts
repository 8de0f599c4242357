import { expect, it } from 'vitest'
import { createPacer, type Pacer } from '../../functions/pacer/pacer.ts'
import { meteredPacer } from '../../functions/sender/lane-pacers.ts'
import { memoryPacerStore } from '../memory/memory-pacer-store.ts'
import { virtualClock } from '../memory/virtual-clock.ts'

const fails = () => Promise.reject(new Error('The table cannot be reached'))

function metered(changed: Partial<Pacer> = {}) {
  const counted: string[] = []
  const pacer = { ...createPacer(memoryPacerStore(), virtualClock()), ...changed }
  return { counted, pacer: meteredPacer(pacer, { count: name => void counted.push(name) }) }
}

it('A pacer that cannot be reached is counted, and fails as before', async () => {
  const { counted, pacer } = metered({ reserve: fails, throttled: fails })
  await expect(pacer.reserve(1)).rejects.toThrow('The table cannot be reached')
  await expect(pacer.throttled()).rejects.toThrow('The table cannot be reached')
  expect(counted).toEqual(['PacerFailures', 'PacerFailures'])
})

it('A pacer that gives slots, or has none to give for now, is not', async () => {
  const { counted, pacer } = metered()
  await expect(pacer.reserve(1)).rejects.toThrow('No rate has been granted')
  await pacer.grant(100)
  expect((await pacer.reserve(3)).slots).toBe(3)
  await pacer.throttled()
  expect(counted).toEqual([])
})
