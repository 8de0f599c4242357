import { textOf } from '../../test/simulation/aws/dynamodb/attribute-values.ts'
import type { SimulatedDynamoDb } from '../../test/simulation/aws/dynamodb/simulated-dynamodb.ts'
import type { ServiceName, ServiceRequest, SimulatedService } from '../../test/simulation/aws/simulated-service.ts'
import { consumedUnits } from './dynamodb-units.ts'

/** Calls and, of tables, the units that DynamoDB bills them with; by service and operation. */
export type VirtualUsage = Record<string, { calls: number; units: number }>

export function countUse(usage: VirtualUsage, name: string, units: number): void {
  const { calls, units: before } = usage[name] ?? { calls: 0, units: 0 }
  usage[name] = { calls: calls + 1, units: before + units }
}

/** Counts what every service is asked for. */
export function meter(
  services: Readonly<Record<ServiceName, SimulatedService>>,
  tables: SimulatedDynamoDb,
  usage: VirtualUsage,
): Readonly<Record<ServiceName, SimulatedService>> {
  const counted =
    (service: SimulatedService): SimulatedService =>
    request => {
      countUse(usage, nameOf(request), 0)
      return service(request)
    }
  return {
    ...{ s3: counted(services.s3), sqs: counted(services.sqs), ses: counted(services.ses) },
    ...{ lambda: counted(services.lambda), kms: counted(services.kms) },
    dynamodb: request => {
      const response = services.dynamodb(request)
      const itemAt = (table: string, key: Parameters<Parameters<typeof consumedUnits>[3]>[1]) =>
        tables.item(table, textOf(key['pk']) ?? '', textOf(key['sk']) ?? '')
      countUse(usage, nameOf(request), consumedUnits(operationOf(request), request, response, itemAt))
      return response
    },
  }
}

function nameOf(request: ServiceRequest): string {
  return `${request.service} ${request.service === 's3' ? request.method : operationOf(request)}`
}

/** In AWS's JSON protocols a header names it; SES's and Lambda's are paths. */
function operationOf({ headers, method, path }: ServiceRequest): string {
  const target = headers['x-amz-target']
  return target === undefined ? `${method} ${path.replace(/\?.*/, '')}` : target.slice(target.indexOf('.') + 1)
}
