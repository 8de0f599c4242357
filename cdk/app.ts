import { buildCheckedApp } from './checked-app.ts'
import { InputFaults } from './inputs.ts'

/**
 * What `npx cdk` runs: nothing is synthesised that AWS's own checks object to. Faulty inputs end it with their messages alone; a
 * stack trace would only hide them.
 */
try {
  buildCheckedApp().synth()
} catch (error) {
  if (!(error instanceof InputFaults)) throw error
  console.error(error.message)
  process.exitCode = 1
}
