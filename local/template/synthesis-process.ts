import { buildApp } from '../../cdk/notifier-app.ts'

/** Synthesises the stack in a process of its own: `node synthesis-process.ts '{"context":{},"outdir":"…"}'`. */
const { context, outdir } = JSON.parse(process.argv[2] ?? '{}')
try {
  buildApp({ context, outdir }).synth()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
