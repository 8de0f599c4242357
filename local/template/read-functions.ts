import path from 'node:path'
import type { EventSourceDefinition, FunctionDefinition, QueueDefinition } from './deployment.ts'
import { functionArn } from './identities.ts'
import type { AccountScope, Intrinsics } from './intrinsics.ts'
import { eventSourceShape, functionShape, invokeConfigShape } from './resource-shapes.ts'
import type { AssetManifest, Template } from './resource-template.ts'
import { readResources, the } from './resources.ts'
import { TemplateError } from './template-error.ts'

const FUNCTION = 'AWS::Lambda::Function'

export function readFunctions(
  template: Template,
  intrinsics: Intrinsics,
  assets: AssetManifest,
  assemblyDirectory: string,
): readonly FunctionDefinition[] {
  const invokeConfigs = readResources(template, intrinsics, 'AWS::Lambda::EventInvokeConfig', invokeConfigShape)
  return readResources(template, intrinsics, FUNCTION, functionShape).map(({ id, properties }) => ({
    name: id,
    room: roomOf(id, template),
    assetDirectory: path.resolve(assemblyDirectory, assetPath(assets, properties.Code.S3Key, id)),
    handler: properties.Handler,
    timeoutMs: properties.Timeout * 1000,
    memoryMb: properties.MemorySize,
    environment: properties.Environment?.Variables ?? {},
    reservedConcurrency: properties.ReservedConcurrentExecutions,
    asyncRetries:
      invokeConfigs.find(config => config.properties.FunctionName === id)?.properties.MaximumRetryAttempts ?? 2,
  }))
}

export function readEventSources(
  template: Template,
  intrinsics: Intrinsics,
  functions: readonly FunctionDefinition[],
  queues: readonly QueueDefinition[],
  scope: AccountScope,
): readonly EventSourceDefinition[] {
  const sources = readResources(template, intrinsics, 'AWS::Lambda::EventSourceMapping', eventSourceShape)
  return sources.map(({ id, properties }) => ({
    functionName: functionNamed(functions, properties.FunctionName, scope, id),
    queueName: the(queues, queue => queue.arn === properties.EventSourceArn, `the queue that ${id} reads`).name,
    batchSize: properties.BatchSize,
    batchingWindowMs: properties.MaximumBatchingWindowInSeconds * 1000,
    maximumConcurrency: properties.ScalingConfig.MaximumConcurrency,
    reportsItemFailures: properties.FunctionResponseTypes.length > 0,
  }))
}

/** The name of the function that a resource names by name or by ARN. */
export function functionNamed(
  functions: readonly FunctionDefinition[],
  nameOrArn: string,
  scope: AccountScope,
  by: string,
): string {
  const matches = ({ name }: FunctionDefinition) => name === nameOrArn || functionArn(name, scope) === nameOrArn
  return the(functions, matches, `the function that ${by} invokes (${nameOrArn})`).name
}

function assetPath(assets: AssetManifest, objectKey: string, functionId: string): string {
  const asset = Object.values(assets.files).find(file =>
    Object.values(file.destinations).some(destination => destination.objectKey === objectKey),
  )
  if (asset?.source.path === undefined) {
    throw new TemplateError(`${functionId}: the asset manifest does not say where ${objectKey} lies.`)
  }
  return asset.source.path
}

/** `OnlyTo/Sender/Function/Resource` lies in the room `sender`. */
function roomOf(id: string, template: Template): string {
  const constructPath = template.Resources[id]?.Metadata['aws:cdk:path']
  const room = typeof constructPath === 'string' ? constructPath.split('/')[1] : undefined
  return room === undefined ? id : room.replaceAll(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()
}
