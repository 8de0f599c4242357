import { createHook } from 'node:async_hooks'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { GetAccountCommand } from '@aws-sdk/client-sesv2'
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from 'vitest'
import { lambdaDispatcherWaker } from '../../../functions/api/lambda-dispatcher-waker.ts'
import { s3AudienceLinks } from '../../../functions/api/s3-audience-links.ts'
import { sqsBatchQueue } from '../../../functions/batch-queue/sqs-batch-queue.ts'
import { jsonAnswer, noAnswer, serverErrorAnswer, throttleAnswer } from './answers.ts'
import { OutsideSimulation } from './outside-simulation.ts'
import type { ServiceRequest, ServiceResponse } from './simulated-service.ts'
import { sendEmailTo, smallWorld } from './small-world.ts'

const item = { TableName: 'notices', Key: { pk: 'a', sk: 'b' } }

/** The last is the SDK's UUID of a call, made at once; it is left out of the request. */
const withoutTurn = ['PROMISE', 'TickObject', 'Microtask', 'RANDOMBYTESREQUEST']

describe('The simulated clients', () => {
  it('wait for nothing but microtasks and ticks, whatever they are asked', async () => {
    const { clients, clock, queueUrl } = smallWorld()
    const kinds = new Set<string>()
    const hook = createHook({ init: (_, kind) => kinds.add(kind) }).enable()
    await clients.tables.send(new PutCommand({ TableName: 'notices', Item: item.Key }))
    await clients.ses.send(sendEmailTo('a@example.net'))
    await clients.sesAccount.send(new GetAccountCommand({}))
    await sqsBatchQueue(clients.sqs, { main: queueUrl, lanes: queueUrl }, clock).send([
      { noticeId: 'n', batch: 0, run: 1 },
    ])
    await lambdaDispatcherWaker(clients.lambda, 'dispatcher').wake('n')
    await clients.s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: Buffer.from('abc') }))
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))
    expect(await Body?.transformToString()).toBe('abc')
    await s3AudienceLinks(clients.s3, 'b', clock).upload('n', 'a')
    hook.disable()
    expect([...kinds].filter(kind => !withoutTurn.includes(kind))).toEqual([])
    expect(kinds).toContain('PROMISE')
  })

  it('try as often as the SDK does, and wait in virtual time only', async () => {
    const { clients, clock, requests, answerWith } = smallWorld()
    answerWith(({ service }) => throttleAnswer(service))
    await expect(clients.tables.send(new GetCommand(item))).rejects.toThrow('Rate exceeded')
    expect(requests.splice(0)).toHaveLength(4)
    await expect(clients.sesAccount.send(new GetAccountCommand({}))).rejects.toThrow('Rate exceeded')
    expect(requests.splice(0)).toHaveLength(3)
    expect(clock.sleptMs).toBeGreaterThan(0)
    expect(clock.sleptMs).toBeLessThan(10_000)
  })

  it('never send a mail twice', async () => {
    const { clients, requests, answerWith } = smallWorld()
    const answers: ((request: ServiceRequest) => ServiceResponse)[] = [
      ({ service }) => throttleAnswer(service),
      ({ service }) => serverErrorAnswer(service),
      () => noAnswer,
    ]
    for (const answer of answers) {
      answerWith(answer)
      await expect(clients.ses.send(sendEmailTo('a@example.net'))).rejects.toThrow()
      expect(requests.splice(0)).toHaveLength(1)
    }
  })

  it('try again when a connection breaks, and find what the first call has done', async () => {
    const { clients, requests, answerWith, serve } = smallWorld()
    answerWith(request => {
      const answer = serve(request)
      if (requests.length === 1) throw new Error('the engine lost this answer')
      return answer
    })
    const put = new PutCommand({
      TableName: 'notices',
      Item: item.Key,
      ConditionExpression: 'attribute_not_exists(pk)',
    })
    await expect(clients.tables.send(put)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' })
    expect(requests).toHaveLength(2)
  })

  it('do not try again what a condition has refused', async () => {
    const { clients, requests } = smallWorld()
    const put = new PutCommand({ TableName: 'notices', Item: item.Key, ConditionExpression: 'attribute_exists(pk)' })
    await expect(clients.tables.send(put)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' })
    expect(requests).toHaveLength(1)
  })

  it('tell aloud of what the simulation does not know', async () => {
    const { clients, requests } = smallWorld()
    const put = new PutCommand({ TableName: 'notices', Item: item.Key, ConditionExpression: 'size(pk) > :n' })
    await expect(clients.tables.send(put)).rejects.toThrow(OutsideSimulation)
    expect(requests).toHaveLength(1)
  })

  it('send the same bytes in the same order for the same seed', async () => {
    const runs = ['1', '1', '2'].map(async seed => {
      const { clients, clock, requests, answerWith, serve } = smallWorld(seed)
      answerWith(request => (requests.length % 3 === 0 ? throttleAnswer(request.service) : serve(request)))
      const calls = ['a', 'b', 'c', 'd'].map(pk =>
        clients.tables.send(new PutCommand({ TableName: 'notices', Item: { pk, sk: 'x' } })),
      )
      await Promise.all(calls)
      const seen = requests.map(({ path, headers, body }) => ({ path, headers, body: Buffer.from(body).toString() }))
      return JSON.stringify({ seen, sleptMs: clock.sleptMs })
    })
    const [first, second, other] = await Promise.all(runs)
    expect(first).toBe(second)
    expect(first).not.toBe(other)
  })

  it('keep a copy of what they send, for the caller may use its buffer again', async () => {
    const { clients, requests, answerWith } = smallWorld()
    answerWith(() => jsonAnswer(200, {}))
    const Body = Buffer.from('before')
    await clients.s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body }))
    Body.fill('x')
    expect(Buffer.from(requests[0]?.body ?? []).toString()).toBe('before')
  })
})
