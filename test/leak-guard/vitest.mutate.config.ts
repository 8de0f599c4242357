import { defineConfig } from 'vitest/config'

/** What every mutant of the leak guard is tried on: all that tests it, with fewer runs of what is generated. */
export default defineConfig({
  test: {
    include: ['test/leak-guard/*.test.ts', 'test/ses/wire-check.test.ts'],
    setupFiles: ['./local/network-guard.ts'],
    env: { FEWER_RUNS: '1' },
    maxWorkers: 1,
    isolate: false,
    testTimeout: 60_000,
  },
})
