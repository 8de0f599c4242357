import { InputFaults } from './inputs.ts'
import { buildApp } from './notifier-app.ts'

/** What `npx cdk` runs. Faulty inputs end it with their messages alone; a stack trace would only hide them. */
try {
  buildApp({ validate: true }).synth()
} catch (error) {
  if (!(error instanceof InputFaults)) throw error
  console.error(error.message)
  process.exitCode = 1
}
