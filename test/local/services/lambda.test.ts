import { InvokeCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { localCredentials } from '../../../local/network-guard.ts'
import { type InvocationResult, startLambda } from '../../../local/services/lambda.ts'
import type { RunningService } from '../../../local/services/loopback-server.ts'

let calls: [functionName: string, payload: string, type: string][]
let result: InvocationResult
let service: RunningService
let client: LambdaClient
beforeAll(async () => {
  service = await startLambda({
    invoke: async (...call) => {
      calls.push(call)
      return result
    },
  })
  client = new LambdaClient({ endpoint: service.endpoint, region: 'eu-west-1', credentials: localCredentials })
})
beforeEach(() => {
  calls = []
  result = { kind: 'returned', payload: '{"ok":true}' }
})
afterAll(async () => {
  client.destroy()
  await service.close()
})

const invoke = (FunctionName: string, more = {}) =>
  client.send(new InvokeCommand({ FunctionName, Payload: '{"notice":"n1"}', ...more }))

test('a request-response invocation answers what the function returned', async () => {
  const answer = await invoke('dispatcher')
  expect([answer.StatusCode, answer.FunctionError, answer.Payload?.transformToString()]).toEqual([
    200,
    undefined,
    '{"ok":true}',
  ])
  expect(calls).toEqual([['dispatcher', '{"notice":"n1"}', 'RequestResponse']])
})

test('an event is accepted with 202', async () => {
  expect((await invoke('dispatcher', { InvocationType: 'Event' })).StatusCode).toBe(202)
  expect(calls).toEqual([['dispatcher', '{"notice":"n1"}', 'Event']])
})

test('a function that failed is an answer with an error, not a failed call', async () => {
  result = { kind: 'failed', payload: '{"errorType":"Defect","errorMessage":"broken"}' }
  const answer = await invoke('dispatcher')
  expect([answer.StatusCode, answer.FunctionError]).toEqual([200, 'Unhandled'])
  expect(JSON.parse(answer.Payload?.transformToString() ?? '')).toMatchObject({ errorMessage: 'broken' })
})

test('a function is found by its ARN and qualifier too', async () => {
  await invoke('arn:aws:lambda:eu-west-1:000000000000:function:dispatcher:live')
  await invoke('dispatcher:live')
  expect(calls.map(([name]) => name)).toEqual(['dispatcher', 'dispatcher'])
})

test('an unknown function is the error of its own type', async () => {
  result = { kind: 'unknown-function' }
  for (const InvocationType of ['Event', 'RequestResponse']) {
    await expect(invoke('nobody', { InvocationType })).rejects.toBeInstanceOf(ResourceNotFoundException)
  }
})

test('a payload that is not JSON reaches no function', async () => {
  await expect(invoke('dispatcher', { Payload: '{' })).rejects.toMatchObject({ name: 'InvalidRequestContentException' })
  expect(calls).toEqual([])
})
