import { createHmac } from 'node:crypto'
import type { GenerateMacCommandInput } from '@aws-sdk/client-kms'
import { errorAnswer, jsonAnswer, jsonOf } from '../answers.ts'
import { OutsideSimulation } from '../outside-simulation.ts'
import type { SimulatedService } from '../simulated-service.ts'

/** GenerateMac under keys that are made of their own ids. */
export function simulatedKms(keyIds: readonly string[]): SimulatedService {
  return request => {
    const target = request.headers['x-amz-target']
    if (target !== 'TrentService.GenerateMac') throw new OutsideSimulation(`KMS's ${target}`)
    const { KeyId = '', MacAlgorithm, Message } = jsonOf<GenerateMacCommandInput>(request)
    if (!keyIds.includes(KeyId)) return errorAnswer('kms', 400, 'NotFoundException', `Key '${KeyId}' does not exist`)
    const Mac = createHmac('sha256', KeyId).update(String(Message)).digest('base64')
    return jsonAnswer(200, { KeyId, MacAlgorithm, Mac })
  }
}
