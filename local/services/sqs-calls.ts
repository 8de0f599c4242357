import { Agent, request } from 'node:http'
import type { Message } from '@aws-sdk/client-sqs'
import * as z from 'zod'
import { localCredentials } from '../network-guard.ts'

export interface Receiving {
  readonly count: number
  readonly waitSeconds: number
  readonly signal: AbortSignal
}

/**
 * The three calls of SQS by which events travel, in its JSON protocol. The SDK's own work on a call is several times that of
 * the local queue, which at thousands of events a second decides how fast a sender may look. Each call is made once.
 */
export class SqsCalls {
  readonly #endpoint: URL
  readonly #authorization: string
  readonly #agent = new Agent({ keepAlive: true })

  constructor(endpoint: string, region: string) {
    this.#endpoint = new URL(endpoint)
    // Local queues read at most the region of it.
    const scope = `${localCredentials.accessKeyId}/20260101/${region}/sqs/aws4_request`
    this.#authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`
  }

  /** At most ten. Resolves with the places in `bodies` of those that were refused. */
  async send(QueueUrl: string, bodies: readonly string[]): Promise<readonly number[]> {
    const Entries = bodies.map((MessageBody, place) => ({ Id: String(place), MessageBody }))
    const { Failed } = failures.parse(await this.#call('SendMessageBatch', { QueueUrl, Entries }))
    return Failed.map(({ Id }) => Number(Id))
  }

  async receive(QueueUrl: string, { count, waitSeconds, signal }: Receiving): Promise<readonly Message[]> {
    const input = {
      QueueUrl,
      MaxNumberOfMessages: count,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }
    return received.parse(await this.#call('ReceiveMessage', input, signal)).Messages
  }

  /** At most ten. */
  async delete(QueueUrl: string, receiptHandles: readonly string[]): Promise<void> {
    const Entries = receiptHandles.map((ReceiptHandle, place) => ({ Id: String(place), ReceiptHandle }))
    const { Failed } = failures.parse(await this.#call('DeleteMessageBatch', { QueueUrl, Entries }))
    if (Failed.length > 0) throw new Error(`SQS did not delete ${Failed.length} messages (${Failed[0]?.Code}).`)
  }

  close(): void {
    this.#agent.destroy()
  }

  async #call(operation: string, input: object, signal?: AbortSignal): Promise<unknown> {
    const body = Buffer.from(JSON.stringify(input))
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const call = request(this.#endpoint, {
      method: 'POST',
      agent: this.#agent,
      ...(signal === undefined ? {} : { signal }),
      headers: {
        authorization: this.#authorization,
        'content-type': 'application/x-amz-json-1.0',
        'content-length': body.length,
        'x-amz-target': `AmazonSQS.${operation}`,
      },
    })
    call.on('error', reject)
    call.on('response', response => {
      const pieces: Buffer[] = []
      response.on('error', reject)
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => {
        const text = Buffer.concat(pieces).toString()
        if (response.statusCode === 200) resolve(JSON.parse(text))
        else
          reject(new Error(`SQS answered ${response.statusCode} to ${operation}: ${text.slice(0, ERROR_CHARACTERS)}`))
      })
    })
    call.end(body)
    return await promise
  }
}

const ERROR_CHARACTERS = 300
const failures = z.object({ Failed: z.array(z.object({ Id: z.string(), Code: z.string().optional() })).default([]) })
const received = z.object({ Messages: z.array(z.custom<Message>(message => typeof message === 'object')).default([]) })
