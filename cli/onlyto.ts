#!/usr/bin/env node
import { systemClock } from '../functions/runtime/clock.ts'
import { runOnlyto } from './program.ts'
import { processTerminal } from './terminal.ts'

const WATCH_INTERVAL_MS = 500

/** Whoever reads the output, such as `head`, has heard enough. */
process.stdout.on('error', error => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error
  process.exit(0)
})

process.exitCode = await runOnlyto(process.argv.slice(2), {
  terminal: processTerminal(),
  clock: systemClock,
  environment: process.env,
  pollIntervalMs: WATCH_INTERVAL_MS,
})
