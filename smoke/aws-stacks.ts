import {
  type CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation'
import { askAws } from './aws-failure.ts'
import type { DeployedStack, StackResource, Stacks } from './ports.ts'

/** Stacks as CloudFormation has them. Reads only. */
export function cloudFormationStacks(client: CloudFormationClient): Stacks {
  return {
    read: name =>
      askAws('CloudFormation', async (): Promise<DeployedStack | undefined> => {
        const stack = await describe(client, name)
        if (stack === undefined) return undefined
        const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])
        return {
          status: stack.StackStatus ?? 'unknown',
          outputs: Object.fromEntries(outputs),
          resources: await listResources(client, name),
        }
      }),
  }
}

async function describe(client: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }))
    return stack
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined
    throw error
  }
}

async function listResources(client: CloudFormationClient, name: string): Promise<readonly StackResource[]> {
  const found: StackResource[] = []
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: name })) {
    for (const { ResourceType = '', LogicalResourceId = '', PhysicalResourceId = '' } of StackResourceSummaries) {
      found.push({ type: ResourceType, logicalId: LogicalResourceId, physicalId: PhysicalResourceId })
    }
  }
  return found
}
