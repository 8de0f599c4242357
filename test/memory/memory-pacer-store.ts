import type { PacerState, PacerStore } from '../../functions/pacer/pacer-store.ts'

/** The pacer item in memory, under the same contract suite as the table. */
export function memoryPacerStore(): PacerStore {
  let item: PacerState | undefined
  return {
    read: async () => item,
    extend: async (advanceUs, intervalUs, nowUs) => {
      if (item === undefined || item.tatUs < nowUs || item.intervalUs !== intervalUs) return undefined
      item = { ...item, tatUs: item.tatUs + advanceUs }
      return item
    },
    replace: async (before, after) => {
      if (JSON.stringify(item) !== JSON.stringify(before)) return false
      item = after
      return true
    },
  }
}
