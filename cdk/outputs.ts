import { CfnOutput, type Stack } from 'aws-cdk-lib'
import type { StackInputs } from './inputs.ts'

export interface OutputsProps {
  readonly inputs: StackInputs
  readonly apiUrl: string
}

/**
 * What a deployment says when it is done: sentences, in the order of their names, and the API's address alone for programs.
 * The names are a contract: scripts read them.
 */
export function tellOperator(stack: Stack, { inputs, apiUrl }: OutputsProps): void {
  const { region } = stack
  const said = {
    ApiUrl: apiUrl,
    FirstNotice: firstNotice(inputs, apiUrl),
    Sandbox: inputs.sandbox ? madeForSandbox : madeForProduction,
    VerifySender: verifySender(inputs, region),
  }
  for (const [name, value] of Object.entries(said)) new CfnOutput(stack, name, { value })
}

const firstNotice = ({ sender }: StackInputs, apiUrl: string) =>
  `Send a first notice, to SES's mailbox simulator and nobody else${
    sender.includes('@')
      ? ''
      : `, once the address that it comes from, of ${sender}, stands in examples/first-notice/notice.yaml as from.address`
  }: npx onlyto send examples/first-notice --audience examples/simulator.csv --api ${apiUrl}`

function verifySender({ sender, hostedZone }: StackInputs, region: string): string {
  const ask = (identity: string) =>
    `aws sesv2 get-email-identity --region ${region} --email-identity ${identity} --query VerifiedForSendingStatus`
  if (hostedZone !== undefined) {
    return `SES verifies ${hostedZone.name} by its DNS records, which takes minutes, at most 72 hours. Nothing is sent until this says true: ${ask(hostedZone.name)}`
  }
  const [, domain] = sender.split('@')
  const orDomain = domain === undefined ? '' : `, or for its domain: ${ask(domain)}`
  return `Nothing is sent unless ${sender} is verified in SES in this region. This must say true: ${ask(sender)}${orDomain}`
}

const madeForSandbox =
  "This stack is for an account in SES's sandbox: it reaches recipients that you have verified and SES's mailbox simulator, 200 a day, one a second; everybody else is reported as failed. Once AWS has given the account production access, deploy again without -c sandbox=true: that takes back the right to any identity but the sender."
const madeForProduction =
  'This stack is for an account with production access to SES, which this tells: aws sesv2 get-account --query ProductionAccessEnabled. In the sandbox it starts no notice: deploy with -c sandbox=true until you have production access.'
