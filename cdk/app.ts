import { Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { InputFaults } from './inputs.ts'
import { buildApp } from './notifier-app.ts'

/** What `npx cdk` runs: nothing is synthesised that AWS's own checks object to. Faulty inputs end it with their messages alone; a stack trace would only hide them. */
try {
  const app = buildApp({ validate: true })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }))
  app.synth()
} catch (error) {
  if (!(error instanceof InputFaults)) throw error
  console.error(error.message)
  process.exitCode = 1
}
