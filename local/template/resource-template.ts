import * as z from 'zod'

/** One resource of a CloudFormation template. `Condition` and other keys that change what is deployed are refused. */
export const resourceSchema = z.strictObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).default({}),
  DependsOn: z.unknown().optional(),
  DeletionPolicy: z.unknown().optional(),
  UpdateReplacePolicy: z.unknown().optional(),
})
export type TemplateResource = z.infer<typeof resourceSchema>

export const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) })
export type Template = z.infer<typeof templateSchema>

/** The part of a CDK asset manifest that says where the bundle behind an object key lies. */
export const assetManifestSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string().optional() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
})
export type AssetManifest = z.infer<typeof assetManifestSchema>
