import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { faultsInReach } from './reach.ts'
import { faultsInSes } from './ses-laws.ts'
import { goodInputs, ofType, readable, synthesise } from './template.ts'

const { alarmEmail } = goodInputs
const zone = { hostedZoneId: 'Z0123456789ABCDEFGHIJ', hostedZoneName: 'example.com' }
const template = synthesise({ alarmEmail, ...zone, region: 'eu-central-1' })

const recordSchema = z.looseObject({ Type: z.string(), Name: z.unknown(), ResourceRecords: z.array(z.unknown()) })
const isOfSes = (type: string) => /^AWS::(SES::EmailIdentity|Route53::RecordSet)$/.test(type)

describe('A hosted zone', () => {
  it('gets an identity, with DKIM, and a MAIL FROM subdomain of the region with MX and SPF', () => {
    const [identity, ...others] = ofType(template, 'AWS::SES::EmailIdentity', z.looseObject({}))
    expect(others).toEqual([])
    expect(identity?.properties).toMatchObject({
      EmailIdentity: 'example.com',
      FeedbackAttributes: { EmailForwardingEnabled: false },
      MailFromAttributes: {
        MailFromDomain: 'bounces-eu-central-1.example.com',
        BehaviorOnMxFailure: 'USE_DEFAULT_VALUE',
      },
    })
    const records = ofType(template, 'AWS::Route53::RecordSet', recordSchema).map(({ properties }) => [
      properties.Type,
      readable(template, properties.Name),
      ...properties.ResourceRecords.map(value => readable(template, value)),
    ])
    const dkim = ['CNAME', 'SenderIdentity/Identity', 'SenderIdentity/Identity']
    expect(records).toEqual([
      dkim,
      dkim,
      dkim,
      ['MX', 'bounces-eu-central-1.example.com.', '10 feedback-smtp.eu-central-1.amazonses.com'],
      ['TXT', 'bounces-eu-central-1.example.com.', '"v=spf1 include:amazonses.com ~all"'],
    ])
  })

  it('keeps them when the stack goes, or is deployed without it; a first deployment that fails takes them back', () => {
    const made = Object.values(template.Resources).filter(({ Type }) => isOfSes(Type))
    expect(made).toHaveLength(6)
    for (const { DeletionPolicy, UpdateReplacePolicy } of made) {
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain'])
    }
  })

  it("lets the sender send from any address of its domain, and changes nothing else of anybody's rights", () => {
    const arnPrefix = 'arn:aws:ses:eu-central-1:accountid'
    expect(faultsInSes({ template, sender: 'example.com', arnPrefix })).toEqual([])
    expect(faultsInReach(template)).toEqual([])
  })

  it('is told what DMARC asks for, which no stack may decide', () => {
    expect(String(template.Outputs['Dmarc']?.Value)).toContain('_dmarc.example.com')
    expect(synthesise().Outputs).not.toHaveProperty('Dmarc')
  })
})

it('without a hosted zone there is no identity and no record', () => {
  expect(Object.values(synthesise().Resources).filter(({ Type }) => isOfSes(Type))).toEqual([])
})
