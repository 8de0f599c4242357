import type { ServerResponse } from 'node:http'
import * as z from 'zod'
import type { UsageMeter } from './usage-meter.ts'

const capacitySchema = z.object({ CapacityUnits: z.number() })
const answerSchema = z.object({ ConsumedCapacity: z.union([capacitySchema, z.array(capacitySchema)]) })

/** Operations of which DynamoDB says what they have consumed. */
const METERED = /\.(Get|Put|Update|Delete|BatchGet|BatchWrite)Item$|\.(Query|Scan)$/

/**
 * Has DynamoDB say what a call consumes, which the caller need not have asked for, and counts it. A write that its condition
 * refuses consumes what it would have written, of which the answer says nothing: it counts as one unit, true of items up to 1 KB.
 */
export function meterConsumption(
  meter: UsageMeter,
  target: string | undefined,
  body: Buffer,
  response: ServerResponse,
): Buffer {
  if (target === undefined || !METERED.test(target)) return body
  const operation = target.slice(target.indexOf('.') + 1)
  const end = response.end
  response.end = (...answer: unknown[]) => {
    const [text] = answer
    meter.count(operation, consumed(typeof text === 'string' || Buffer.isBuffer(text) ? text.toString() : ''))
    return Reflect.apply(end, response, answer)
  }
  const asked = Buffer.from(body.toString().replace(/}\s*$/, ',"ReturnConsumedCapacity":"TOTAL"}'))
  return body.includes('"ReturnConsumedCapacity"') ? body : asked
}

function consumed(answer: string): number {
  if (answer.includes('ConditionalCheckFailedException')) return 1
  if (!answer.includes('"ConsumedCapacity"')) return 0
  const { ConsumedCapacity } = answerSchema.parse(JSON.parse(answer))
  const tables = Array.isArray(ConsumedCapacity) ? ConsumedCapacity : [ConsumedCapacity]
  return tables.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0)
}
