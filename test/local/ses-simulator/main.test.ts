import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { SendEmailCommand } from '@aws-sdk/client-sesv2'
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { buildApp } from 'fauxqs'
import { expect, onTestFinished, test } from 'vitest'
import type { SesSimulatorOptions } from '../../../local/ses-simulator/simulator.ts'
import { sesClient } from './running-simulator.ts'
import { sendEmailInput } from './send-email-input.ts'

const MAIN = new URL('../../../local/ses-simulator/main.ts', import.meta.url)

function start(options: string): ChildProcess {
  const child = fork(MAIN, [options], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return child
}

async function startedWith(options: SesSimulatorOptions) {
  const child = start(JSON.stringify(options))
  const [message] = await once(child, 'message')
  return { child, url: String(Reflect.get(message, 'url')) }
}

async function startQueue(name: string) {
  const app = await buildApp({ logger: false })
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 })
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials, useQueueUrlAsEndpoint: false })
  onTestFinished(async () => {
    client.destroy()
    await app.close()
  })
  const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: name }))
  const receive = async () => {
    const input = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }
    const { Messages = [] } = await client.send(new ReceiveMessageCommand(input))
    return Messages.map(({ Body = '' }) => JSON.parse(Body))
  }
  return { endpoint, queueUrl: QueueUrl, receive }
}

test('the process publishes through SQS, raw or in the envelope of SNS, only what each queue asks for', async () => {
  const wrapped = await startQueue('wrapped')
  const raw = await startQueue('raw')
  const { url } = await startedWith({
    latencyMedianMs: 1,
    latencyP99Ms: 1,
    sendEventDelayMs: 1,
    deliveryEventDelayMs: 1,
  })
  const client = sesClient(url)
  const put = async (body: SesSimulatorOptions) =>
    await fetch(`${url}/_simulator/options`, { method: 'PUT', body: JSON.stringify(body) })

  const everything = { configurationSet: 'notices', queueUrl: wrapped.queueUrl, raw: false }
  await put({ eventQueues: [everything], sqsEndpoint: wrapped.endpoint })
  const emoji = { Data: 'Index 📈', Charset: 'UTF-8' }
  const Content = { Simple: { Subject: emoji, Body: { Text: emoji } } }
  await client.send(new SendEmailCommand(sendEmailInput('a@shop.example', { Content })))
  const received: { Type: string; Message: string }[] = []
  await expect
    .poll(async () => received.push(...(await wrapped.receive())), { timeout: 10_000 })
    .toBeGreaterThanOrEqual(2)
  expect(received.map(({ Type }) => Type)).toEqual(['Notification', 'Notification'])
  const inner = received.map(({ Message }) => JSON.parse(Message))
  expect(inner.map(event => event.eventType).toSorted()).toEqual(['Delivery', 'Send'])
  expect(inner[0].mail.commonHeaders.subject).toBe('Index 📈')

  const bounces = { configurationSet: 'notices', queueUrl: raw.queueUrl, raw: true, eventTypes: ['BOUNCE'] }
  await put({ eventQueues: [bounces], sqsEndpoint: raw.endpoint })
  await client.send(new SendEmailCommand(sendEmailInput('bounce@simulator.amazonses.com')))
  await expect.poll(() => raw.receive(), { timeout: 10_000 }).toMatchObject([{ eventType: 'Bounce' }])
  client.destroy()
})

test('the process prints its URL as one line of JSON and ends when its parent is gone', async () => {
  const { child, url } = await startedWith({})
  const [line] = child.stdout === null ? [] : await once(child.stdout, 'data')
  expect(JSON.parse(String(line))).toEqual({ url })
  const exited = once(child, 'exit')
  child.disconnect()
  await exited
  await expect(fetch(url)).rejects.toThrow()
})

test.each([
  ['{"maxSendRat":1}', 'maxSendRat'],
  ['{', 'one JSON object'],
])('options %j are refused with exit status 2', async (options, reason) => {
  const child = start(options)
  let complaint = ''
  child.stderr?.on('data', chunk => {
    complaint += String(chunk)
  })
  const [status] = await once(child, 'close')
  expect(status).toBe(2)
  expect(complaint).toContain(reason)
})
