import { App, Tags } from 'aws-cdk-lib'
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' }
import { readInputs } from './inputs.ts'
import { NotifierStack } from './notifier-stack.ts'

export interface AppOptions {
  /** Stack inputs, and context of the CDK's own. What the CLI passes comes on top. */
  readonly context?: Readonly<Record<string, unknown>>
  /** Where `synth()` writes; the CLI says so itself. */
  readonly outdir?: string
  /** Checks the template against CloudFormation's own rules too, which takes a second or more. */
  readonly validate?: boolean
}

/** What the CLI always asks of a template: which construct a resource came from, and where a function's code lies. */
const metadata = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true }

/**
 * The same app for the CDK CLI, the local stack and the tests. Feature flags are the ones that the pinned CDK
 * recommends, set here rather than in cdk.json, which only the CLI reads. Throws `InputFaults`.
 */
export function buildApp({ context = {}, outdir, validate = false }: AppOptions = {}): App {
  const app = new App({
    context: { ...recommendedFlags, ...metadata, ...context },
    analyticsReporting: false,
    ...(validate ? {} : { builtinCloudFormationValidation: false }),
    ...(outdir === undefined ? {} : { outdir }),
  })
  const inputs = readInputs(app)
  const stack = new NotifierStack(app, 'OnlyTo', {
    inputs,
    stackName: inputs.stackName,
    description: 'OnlyTo: sends one notice to every customer, each alone',
    ...(inputs.region === undefined ? {} : { env: { region: inputs.region } }),
  })
  Tags.of(stack).add('application', 'onlyto')
  return app
}
