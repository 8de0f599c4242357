import type { SQSRecord } from 'aws-lambda'

/** A message as Lambda hands it to a function, of which our functions read the id and the body. */
export function sqsRecord(messageId: string, body: string, receiptHandle = ''): SQSRecord {
  return {
    messageId,
    receiptHandle,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: 'eu-west-1',
  }
}
