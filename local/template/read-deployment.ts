import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod'
import type { Deployment } from './deployment.ts'
import { ignoredTypes } from './ignored-types.ts'
import { type AccountScope, Intrinsics } from './intrinsics.ts'
import { readAlarms } from './read-alarms.ts'
import { readEventSources, readFunctions } from './read-functions.ts'
import { readBuckets, readMacKeys, readQueues, readTables } from './read-storage.ts'
import { readConfigurationSets, readEventQueues, readRoutes, readRules } from './read-wiring.ts'
import { type AssetManifest, assetManifestSchema, type Template, templateSchema } from './resource-template.ts'
import { TemplateError } from './template-error.ts'

const runTypes = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::CloudWatch::Alarm',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Events::Rule',
  'AWS::KMS::Key',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::S3::Bucket',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
])

/** The account that a local stack pretends to be deployed to. */
const account = { partition: 'aws', accountId: '000000000000', urlSuffix: 'amazonaws.com' }

/** Reads a cloud assembly that holds one stack. */
export function readAssembly(assemblyDirectory: string, region: string): Deployment {
  const suffix = '.template.json'
  const [file, ...others] = readdirSync(assemblyDirectory).filter(name => name.endsWith(suffix))
  if (file === undefined || others.length > 0) {
    throw new TemplateError(
      `Expected one stack in ${assemblyDirectory}, found ${file === undefined ? 0 : others.length + 1}.`,
    )
  }
  const stackName = file.slice(0, -suffix.length)
  const read = (name: string): unknown => JSON.parse(readFileSync(path.join(assemblyDirectory, name), 'utf8'))
  return readDeployment(read(file), read(`${stackName}.assets.json`), assemblyDirectory, {
    ...account,
    region,
    stackName,
  })
}

/** Everything in a template that runs. Throws a TemplateError for whatever it would otherwise have to guess or drop. */
export function readDeployment(
  template: unknown,
  assets: unknown,
  assemblyDirectory: string,
  scope: AccountScope,
): Deployment {
  const known = parse(templateSchema, template, 'template')
  refuseUnknownTypes(known)
  const manifest: AssetManifest = parse(assetManifestSchema, assets, 'asset manifest')
  const intrinsics = new Intrinsics(known, scope)
  const functions = readFunctions(known, intrinsics, manifest, assemblyDirectory)
  const queues = readQueues(known, intrinsics, scope)
  const buckets = readBuckets(known, intrinsics)
  return {
    scope,
    functions,
    queues,
    buckets,
    tables: readTables(known, intrinsics),
    macKeys: readMacKeys(known, intrinsics),
    eventSources: readEventSources(known, intrinsics, functions, queues, scope),
    routes: readRoutes(known, intrinsics, functions, scope),
    rules: readRules(known, intrinsics, functions, buckets, scope),
    configurationSets: readConfigurationSets(known, intrinsics),
    eventQueues: readEventQueues(known, intrinsics, queues),
    alarms: readAlarms(known, intrinsics),
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new TemplateError(`The ${what} is not one that the local stack can read:\n${z.prettifyError(parsed.error)}`)
}

function refuseUnknownTypes(template: Template): void {
  const unknown = Object.entries(template.Resources).filter(
    ([, { Type }]) => !runTypes.has(Type) && !(Type in ignoredTypes),
  )
  if (unknown.length === 0) return
  throw new TemplateError(
    'The local stack neither runs nor knowingly leaves out:\n' +
      unknown.map(([id, { Type }]) => `  ${id} (${Type})\n`).join('') +
      'Run them (local/template/read-deployment.ts), or say why not (local/template/ignored-types.ts).',
  )
}
