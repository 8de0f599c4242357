import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs'
import type { SQSMessageAttribute, SQSRecord } from 'aws-lambda'
import * as z from 'zod'

/** A received message as Lambda hands it to a function. */
export function recordOf(message: Message, queueArn: string, region: string): SQSRecord {
  const { Attributes: attributes = {} } = message
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: {
      ...attributes,
      ApproximateReceiveCount: attributes.ApproximateReceiveCount ?? '1',
      SentTimestamp: attributes.SentTimestamp ?? '0',
      SenderId: attributes.SenderId ?? 'local',
      ApproximateFirstReceiveTimestamp: attributes.ApproximateFirstReceiveTimestamp ?? '0',
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, attributeOf(value)]),
    ),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  }
}

function attributeOf(value: MessageAttributeValue): SQSMessageAttribute {
  return {
    dataType: value.DataType ?? 'String',
    ...(value.StringValue !== undefined && { stringValue: value.StringValue }),
    ...(value.BinaryValue !== undefined && { binaryValue: Buffer.from(value.BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
  }
}

const batchResponse = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string().min(1) })).nullish(),
})

/**
 * The messages that an answer lets SQS forget. An answer that cannot be understood, or names a message that was not in the
 * batch, keeps them all, as with Lambda.
 */
export function handledMessages(
  messages: readonly Message[],
  payload: string,
  reportsItemFailures: boolean,
): readonly Message[] {
  if (!reportsItemFailures) return messages
  const answer: unknown = JSON.parse(payload)
  if (answer === null) return messages
  const parsed = batchResponse.safeParse(answer)
  if (!parsed.success) return []
  const failed = new Set((parsed.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier))
  const known = new Set(messages.map(({ MessageId }) => MessageId))
  if ([...failed].some(id => !known.has(id))) return []
  return messages.filter(({ MessageId }) => MessageId === undefined || !failed.has(MessageId))
}
