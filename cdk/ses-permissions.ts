import { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'

/**
 * The right to send simple messages from one sender under one configuration set, through the API's second version. Raw,
 * templated and bulk messages are other actions and stay forbidden. IAM cannot limit the number of recipients of a
 * message; that is what the leak guard is for.
 *
 * In SES's sandbox each recipient's identity is checked as well, so there this statement is too narrow by design.
 */
export function sendFrom(sender: string, configurationSetName: string, scope: Construct): PolicyStatement {
  const [, domain] = sender.split('@')
  const arn = (resource: string, resourceName: string) =>
    Stack.of(scope).formatArn({ service: 'ses', resource, resourceName })
  // An address may be verified by itself or by its domain, and SES checks the identity that was verified.
  const identities = domain === undefined ? [sender] : [sender, domain]
  const from =
    domain === undefined
      ? { StringEquals: { 'ses:ApiVersion': '2' }, StringLike: { 'ses:FromAddress': `*@${sender}` } }
      : { StringEquals: { 'ses:ApiVersion': '2', 'ses:FromAddress': sender } }
  return new PolicyStatement({
    actions: ['ses:SendEmail'],
    resources: [
      ...identities.map(identity => arn('identity', identity)),
      arn('configuration-set', configurationSetName),
    ],
    conditions: from,
  })
}

/** The right to read the account's rate and quota. SES knows no resource for it. */
export function readSendQuota(): PolicyStatement {
  return new PolicyStatement({ actions: ['ses:GetAccount'], resources: ['*'] })
}
