import type { Family } from '../family.ts'
import { honest, self, sender, withKeys, withSimple } from '../honest.ts'

const mime = (address: string) => `From: ${sender}\r\nTo: ${self}\r\nBcc: ${address}\r\nSubject: Index\r\n\r\nHello\r\n`
const { Simple } = honest().Content

export const otherKeys: Family = {
  name: 'Keys of SES that a notice does not need',
  happens: 'A later feature uses one more field of SendEmail, and the guard does not know what is in it.',
  own: 'refused too',
  messages: {
    'where bounces go': address => withKeys({ FeedbackForwardingEmailAddress: address }),
    'where bounces go, to the sender': () => withKeys({ FeedbackForwardingEmailAddress: sender }),
    'by what right bounces go there': address =>
      withKeys({ FeedbackForwardingEmailAddressIdentityArn: `arn:aws:ses:eu-west-1:123456789012:identity/${address}` }),
    'by what right it is sent': address =>
      withKeys({ FromEmailAddressIdentityArn: `arn:aws:ses:eu-west-1:123456789012:identity/${address}` }),
    'an endpoint': () => withKeys({ EndpointId: 'abcdef12.g3h' }),
    'an endpoint named after a customer': address => withKeys({ EndpointId: address }),
    'a tenant': address => withKeys({ TenantName: address.replace(/\W/g, '-') }),
    'a contact list': address =>
      withKeys({ ListManagementOptions: { ContactListName: 'customers', TopicName: address } }),
    'an empty contact list': () => withKeys({ ListManagementOptions: {} }),
    'tracking of its own': () =>
      withKeys({
        ConfigurationOverrides: { Tracking: { OpenTrackingEnabled: 'ENABLED', ClickTrackingEnabled: 'ENABLED' } },
      }),
    'a custom tracking domain': address =>
      withKeys({ TrackingOptions: { CustomRedirectDomain: address.split('@')[1] } }),
    'a key that SES does not have yet': address => withKeys({ AdditionalRecipients: [address] }),
    'an empty key that SES does not have': () => withKeys({ Nothing: null }),
    'tags of bulk sending': address => withKeys({ DefaultEmailTags: [{ Name: 'to', Value: address }] }),
    'entries of bulk sending': address =>
      withKeys({ BulkEmailEntries: [{ Destination: { ToAddresses: [address] } }], DefaultContent: {} }),
    'the destinations of SMTP': address => withKeys({ envelope: { from: sender, to: [self, address] } }),
    'the fields of another library': address => withKeys({ to: self, bcc: address }),
    'the sender of the older API': address => withKeys({ Source: address }),
    'the return path of the older API': address => withKeys({ ReturnPath: address }),
    'the destinations of the older API': address => withKeys({ Destinations: [self, address] }),
    'the raw message of the older API': address => withKeys({ RawMessage: { Data: mime(address) } }),
    'the message of the older API': address =>
      withKeys({ Message: { Subject: { Data: address }, Body: { Text: { Data: address } } } }),
    'the template of the older API': address => withKeys({ Template: 'notice', TemplateData: `{"to":"${address}"}` }),
  },
}

export const otherContents: Family = {
  name: 'Contents that cannot be looked into',
  happens: 'A new kind of notice needs a calendar invitation, a PDF or a template kept in SES.',
  own: 'refused too',
  messages: {
    'raw, as text': address => withKeys({ Content: { Raw: { Data: mime(address) } } }),
    'raw, as bytes': address => withKeys({ Content: { Raw: { Data: Buffer.from(mime(address)) } } }),
    'raw, as base64': address =>
      withKeys({ Content: { Raw: { Data: Buffer.from(mime(address)).toString('base64') } } }),
    'raw and simple': address => withKeys({ Content: { Simple, Raw: { Data: mime(address) } } }),
    'raw, empty, and simple': () => withKeys({ Content: { Simple, Raw: {} } }),
    'a template by name': address =>
      withKeys({ Content: { Template: { TemplateName: 'notice', TemplateData: JSON.stringify({ to: address }) } } }),
    'a template by ARN': () =>
      withKeys({ Content: { Template: { TemplateArn: 'arn:aws:ses:eu-west-1:123456789012:template/notice' } } }),
    'a template in the request': address =>
      withKeys({ Content: { Template: { TemplateContent: { Subject: 'Hi', Text: address, Html: address } } } }),
    'a template and simple': () => withKeys({ Content: { Simple, Template: { TemplateName: 'notice' } } }),
    'no content': () => withKeys({ Content: {} }),
    'content as text': address => withKeys({ Content: `Hello ${address}` }),
    'an attached export': address =>
      withSimple({ Attachments: [{ FileName: 'customers.csv', RawContent: Buffer.from(`email\n${address}\n`) }] }),
    'an attached invitation': address =>
      withSimple({ Attachments: [{ FileName: 'call.ics', RawContent: Buffer.from(`ATTENDEE:mailto:${address}`) }] }),
    'an attachment named after a customer': address =>
      withSimple({ Attachments: [{ FileName: `${address}.pdf`, RawContent: Buffer.from('%PDF') }] }),
    'an inline image': address =>
      withSimple({ Attachments: [{ FileName: 'logo.png', RawContent: Buffer.from([0]), ContentId: address }] }),
    'an empty list of attachments': () => withSimple({ Attachments: [] }),
    'a third body': address => withSimple({ Body: { ...Simple.Body, Amp: { Data: address, Charset: 'UTF-8' } } }),
    'no text body': () => withSimple({ Body: { Html: Simple.Body.Html } }),
    'no HTML body': () => withSimple({ Body: { Text: Simple.Body.Text } }),
    'no subject': () => withSimple({ Subject: undefined }),
    'the subject as bytes': address => withSimple({ Subject: { Data: Buffer.from(address), Charset: 'UTF-8' } }),
    'the subject as a list': address => withSimple({ Subject: { Data: ['Hello', address], Charset: 'UTF-8' } }),
    'the subject as a string': address => withSimple({ Subject: address }),
    'a body that answers with a string when asked': address =>
      withSimple({ Subject: { Data: { toString: () => address }, Charset: 'UTF-8' } }),
    nothing: () => undefined,
    null: () => null,
    'the request as JSON': () => JSON.stringify(honest()),
    'several requests': address => [honest(), { ...honest(), Destination: { ToAddresses: [address] } }],
    'tags as a record': address => withKeys({ EmailTags: { to: address } }),
    'no tags': () => withKeys({ EmailTags: undefined }),
    'no sender': () => withKeys({ FromEmailAddress: undefined }),
    'no configuration set': () => withKeys({ ConfigurationSetName: undefined }),
  },
}

const inCharset = (Charset: unknown, Data: unknown) => withSimple({ Subject: { Data, Charset } })
export const otherCharsets: Family = {
  name: 'Another character set',
  happens: 'A body was read from a file in an older encoding, in which other bytes make up an address.',
  own: 'refused too',
  messages: {
    'UTF-7, in which +AEA- is the sign': address => inCharset('UTF-7', address.replace('@', '+AEA-')),
    'UTF-16': () => inCharset('UTF-16', 'The index changes on Monday'),
    'EBCDIC, in which the sign is a letter': address => inCharset('IBM037', address.replace('@', '|')),
    'ISO-2022-JP, which can shift': address => inCharset('ISO-2022-JP', `\u001b$B${address}\u001b(B`),
    'Latin 1': () => inCharset('ISO-8859-1', 'The index changes on Monday'),
    'none, which is ASCII': () => inCharset(undefined, 'The index changes on Monday'),
    'one with a header in it': address => inCharset(`UTF-8\r\nBcc: ${address}`, 'The index changes on Monday'),
    'one with a name in it': address => inCharset(`UTF-8; name="${address}"`, 'The index changes on Monday'),
    'UTF-7 in the HTML': address =>
      withSimple({
        Body: { ...Simple.Body, Html: { Data: address.replace('@', '+AEA-'), Charset: 'utf-7' } },
      }),
    'UTF-16 in the text': () => withSimple({ Body: { ...Simple.Body, Text: { Data: 'Hello', Charset: 'UTF-16LE' } } }),
  },
}
