import { CfnOutput, RemovalPolicies, Stack } from 'aws-cdk-lib'
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53'
import { EmailIdentity, Identity, MailFromBehaviorOnMxFailure } from 'aws-cdk-lib/aws-ses'
import { Construct } from 'constructs'
import type { HostedZone } from './inputs.ts'

export interface SenderIdentityProps {
  readonly hostedZone: HostedZone
}

/**
 * The SES identity of a domain and its records in the domain's hosted zone: DKIM, and a MAIL FROM subdomain with MX and SPF, so
 * that mail passes DMARC by both. The zone is named and not looked up: synth needs no account. SES finds the records by itself
 * within minutes.
 *
 * Everything of it outlives the stack and a later deployment without the zone, since all that the account sends from this domain
 * would stop with it. A first deployment that fails takes it back, so that the next one can make it. Bounces are not mailed to the sender, as they hold the recipient: they come as events.
 */
export class SenderIdentity extends Construct {
  constructor(scope: Construct, id: string, { hostedZone: { id: hostedZoneId, name: zoneName } }: SenderIdentityProps) {
    super(scope, id)
    const zone = PublicHostedZone.fromPublicHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName })
    new EmailIdentity(this, 'Identity', {
      identity: Identity.publicHostedZone(zone),
      // Its MX names the region's own host, so that a domain has one for each region.
      mailFromDomain: `bounces-${Stack.of(this).region}.${zoneName}`,
      // Until DNS has the MX, mail goes out under amazonses.com rather than not at all.
      mailFromBehaviorOnMxFailure: MailFromBehaviorOnMxFailure.USE_DEFAULT_VALUE,
      feedbackForwarding: false,
    })
    RemovalPolicies.of(this).retainOnUpdateOrDelete()
    new CfnOutput(Stack.of(this), 'Dmarc', {
      value: `Mailbox providers ask bulk senders for a DMARC record. See whether ${zoneName} has one: dig +short TXT _dmarc.${zoneName}. If not, add a TXT record _dmarc.${zoneName} with the value "v=DMARC1; p=none; rua=mailto:ADDRESS", where ADDRESS gets the reports, and make it p=quarantine or p=reject once these show that all your mail passes. This stack does not write it, as it binds all mail of the domain.`,
    })
  }
}
