import type { PacerState, PacerStore } from '../../functions/pacer/pacer-store.ts'

/** The pacer item in memory, under the same contract suite as the table. */
export function memoryPacerStore(): PacerStore {
  let item: PacerState | undefined
  return {
    read: async () => item,
    extend: async (advanceUs, revision, nowUs) => {
      if (item === undefined || item.tatUs < nowUs || item.revision !== revision) return undefined
      item = { ...item, tatUs: item.tatUs + advanceUs }
      return item
    },
    replace: async (before, after) => {
      if (item?.tatUs !== before?.tatUs || item?.revision !== before?.revision) return false
      item = after
      return true
    },
    repace: async (before, after) => {
      if (item === undefined || item.revision !== before.revision) return undefined
      item = { ...after, tatUs: item.tatUs, pacedFromUs: item.tatUs }
      return item
    },
  }
}
