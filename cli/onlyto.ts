#!/usr/bin/env node
import { systemClock } from '../functions/runtime/clock.ts'
import { runOnlyto } from './program.ts'
import { processTerminal } from './terminal.ts'

const WATCH_INTERVAL_MS = 500

process.stdout.on('error', error => {
  // Whoever reads the output, such as `head`, has heard enough.
  if ('code' in error && error.code === 'EPIPE') process.exit(0)
  process.stderr.write(`The output could not be written: ${error.message}\n`)
  process.exit(1)
})

process.exitCode = await runOnlyto(process.argv.slice(2), {
  terminal: processTerminal(),
  clock: systemClock,
  environment: process.env,
  pollIntervalMs: WATCH_INTERVAL_MS,
})
