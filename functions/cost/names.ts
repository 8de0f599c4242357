import type { CostPart } from './estimate.ts'
import type { SesPlan } from './prices.ts'

/** As people read them. */
export const partNames: Readonly<Record<CostPart, string>> = {
  dynamodb: 'DynamoDB',
  lambda: 'Lambda, sending and waiting',
  sns: 'SNS, two events a message',
  sqs: 'SQS',
  s3: 'S3',
  api: 'API Gateway',
  kms: 'KMS',
  logs: 'CloudWatch, logs',
}

export const planNames: Readonly<Record<SesPlan, string>> = {
  'a-la-carte': 'a la carte',
  essentials: 'Essentials',
  pro: 'Pro',
  enterprise: 'Enterprise',
}
