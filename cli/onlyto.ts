#!/usr/bin/env node
import { systemClock } from '../functions/runtime/clock.ts'
import { runOnlyto } from './program.ts'
import { processTerminal } from './terminal.ts'

const WATCH_INTERVAL_MS = 500

process.exitCode = await runOnlyto(process.argv.slice(2), {
  terminal: processTerminal(),
  clock: systemClock,
  environment: process.env,
  pollIntervalMs: WATCH_INTERVAL_MS,
})
