import { type App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks } from 'cdk-nag'
import { type AppOptions, buildApp } from './notifier-app.ts'

/** The app whose synth fails where AWS's own checks, or CloudFormation's rules, object to anything: errors and warnings alike. */
export function buildCheckedApp(options: Omit<AppOptions, 'validate'> = {}): App {
  const app = buildApp({ ...options, validate: true })
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }))
  return app
}
