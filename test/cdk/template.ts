import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import * as z from 'zod'
import { buildApp } from '../../cdk/notifier-app.ts'

export const goodInputs = { sender: 'notices@example.com', alarmEmail: 'ops@example.com' }

/** For tests that do not look into the bundles. */
const unbundled = { 'aws:cdk:bundling-stacks': [] }

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** A folder that is gone after the tests of the file. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'onlyto-cdk-'))
  folders.push(folder)
  return folder
}

const resourceSchema = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  Metadata: z.looseObject({ 'aws:cdk:path': z.string() }),
})
const templateSchema = z.looseObject({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown() })),
})
export type Template = z.infer<typeof templateSchema>
export type Resource = z.infer<typeof resourceSchema>

export function synthesise(inputs: Readonly<Record<string, unknown>> = goodInputs): Template {
  const assembly = buildApp({ context: { ...unbundled, ...inputs }, outdir: emptyFolder() }).synth()
  return templateSchema.parse(assembly.getStackArtifact('OnlyTo').template)
}

export interface Typed<Properties> {
  readonly logicalId: string
  /** As a person finds it: `Sender/Batches/Queue`. */
  readonly path: string
  readonly properties: Properties
  readonly resource: Resource
}

/** Every resource of a type, with the properties that the caller looks at. */
export function ofType<Schema extends z.ZodType>(
  template: Template,
  type: string,
  schema: Schema,
): readonly Typed<z.output<Schema>>[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([logicalId, resource]) => ({
      logicalId,
      path: pathOf(resource),
      properties: schema.parse(resource.Properties),
      resource,
    }))
}

export function pathOf(resource: Resource): string {
  return resource.Metadata['aws:cdk:path'].replace(/^OnlyTo\/|\/Resource$|:[^/]*/g, '')
}

const reference = z.union([
  z.strictObject({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).transform(value => value['Fn::GetAtt'][0]),
])

/** The logical id that a `Ref` or `Fn::GetAtt` points to. */
export function target(value: unknown): string | undefined {
  return reference.safeParse(value).data
}

const joined = z.strictObject({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) })

/** An ARN or name as a person reads it: `Tables/Notices/index/*`, `arn:aws:ses:…:identity/example.com`. */
export function readable(template: Template, value: unknown): string {
  if (typeof value === 'string') return value
  const parts = joined.safeParse(value).data?.['Fn::Join'][1]
  if (parts !== undefined) return parts.map(part => readable(template, part)).join('')
  const logicalId = target(value)
  if (logicalId === undefined) return JSON.stringify(value)
  const resource = template.Resources[logicalId]
  return resource === undefined ? logicalId.replace(/^AWS::/, '').toLowerCase() : pathOf(resource)
}
