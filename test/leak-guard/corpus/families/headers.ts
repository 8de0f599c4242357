import { percentUri, wordB, wordQ } from '../encodings.ts'
import type { Family } from '../family.ts'
import { honest, sender, withFrom, withKeys, withReplyTo, withSimple, withSubject, withTag } from '../honest.ts'

const withHeader = (Name: string, Value: string) => withSimple({ Headers: [{ Name, Value }] })

export const ownHeaders: Family = {
  name: 'Headers of its own',
  happens: 'One-click unsubscribing needs List-Unsubscribe, and whoever adds it opens the door for every header.',
  own: 'refused too',
  messages: {
    Bcc: address => withHeader('Bcc', address),
    Cc: address => withHeader('Cc', address),
    'a second To': address => withHeader('To', address),
    'Resent-To': address => withHeader('Resent-To', address),
    'Reply-To': address => withHeader('Reply-To', address),
    'Return-Path': address => withHeader('Return-Path', `<${address}>`),
    'Errors-To': address => withHeader('Errors-To', address),
    Sender: address => withHeader('Sender', address),
    'Disposition-Notification-To': address => withHeader('Disposition-Notification-To', address),
    'Apparently-To': address => withHeader('Apparently-To', address),
    'X-Original-To': address => withHeader('X-Original-To', address),
    'List-Unsubscribe of another': address =>
      withHeader('List-Unsubscribe', `<https://exchange.example/u?e=${percentUri(address)}>`),
    'List-Unsubscribe by mail': address =>
      withHeader('List-Unsubscribe', `<mailto:u@exchange.example?subject=${address}>`),
    'References to another’s message': address => withHeader('References', `<1.${address}>`),
    'X-SES-MESSAGE-TAGS': address => withHeader('X-SES-MESSAGE-TAGS', `to=${address.replace('@', '-at-')}`),
    'X-SES-LIST-MANAGEMENT-OPTIONS': () => withHeader('X-SES-LIST-MANAGEMENT-OPTIONS', 'customers; topic=index'),
    'a header for debugging': address => withHeader('X-Debug-Row', JSON.stringify({ row: 17, address })),
    'a name with a line break': address => withHeader(`X-A: b\r\nBcc: ${address}\r\nX-C`, 'd'),
    'a value with a line break': address => withHeader('X-A', `b\r\nBcc: ${address}`),
    'a value in a base64 word': address => withHeader('X-A', wordB(address)),
    'an empty list of headers': () => withSimple({ Headers: [] }),
  },
}

export const injectedHeaders: Family = {
  name: 'A header begun in a value',
  happens: 'A variable from a form or a CSV cell with a line break in it stands in the subject or in a name.',
  own: 'refused too',
  messages: {
    'CR LF in the subject': address => withSubject(`Index\r\nBcc: ${address}`),
    'LF in the subject': address => withSubject(`Index\nBcc: ${address}`),
    'CR in the subject': address => withSubject(`Index\rBcc: ${address}`),
    'CR LF at the end of the subject': () => withSubject('The index changes\r\n'),
    'a folded line in the subject': () => withSubject('The index\r\n changes on Monday'),
    'an empty line, and a body, in the subject': address => withSubject(`Index\r\n\r\nDear ${address}`),
    'next line (U+0085) in the subject': () => withSubject('Index\u0085Bcc: x'),
    'line separator in the subject': () => withSubject('Index\u2028Bcc: x'),
    'paragraph separator in the subject': () => withSubject('Index\u2029Bcc: x'),
    'vertical tab in the subject': () => withSubject('Index\u000bBcc: x'),
    'form feed in the subject': () => withSubject('Index\u000cBcc: x'),
    'null in the subject': () => withSubject('Index\u0000 changes'),
    'escape in the subject': () => withSubject('Index \u001b[8m hidden \u001b[0m'),
    'a tab in the subject': () => withSubject('The\tindex'),
    'delete in the subject': () => withSubject('Index\u007f'),
    'CR LF in a word of the subject': address => withSubject(wordQ(`Index\r\nBcc: ${address}`)),
    'CR LF in a base64 word of the subject': () => withSubject(`${wordB('Index\r\nBcc: x')} changes`),
    'CR LF percent-encoded in the subject': address => withSubject(`Index%0D%0ABcc:%20${percentUri(address)}`),
    'CR LF in the name of the sender': address => withFrom(`"Exchange\r\nBcc: ${address}" <${sender}>`),
    'LF in the name of the sender': () => withFrom(`Example\nExchange <${sender}>`),
    'CR LF after the sender': address => withFrom(`${sender}\r\nBcc: ${address}`),
    'CR LF in a word of the sender': address => withFrom(`${wordB(`Exchange\r\nBcc: ${address}`)} <${sender}>`),
    'CR LF in the reply-to': address => withReplyTo(`support@exchange.example\r\nBcc: ${address}`),
    'a null in the reply-to': () => withReplyTo('support@exchange.example\u0000'),
    'CR LF in the name of a tag': () => withTag('x', 'a\r\nBcc'),
    'CR LF in the value of a tag': address => withTag(`x\r\nBcc: ${address}`),
    'CR LF in the configuration set': address =>
      withKeys({ ConfigurationSetName: `onlyto-notices\r\nBcc: ${address}` }),
    'a tag in which a header begins': () => withTag('a; X-SES-RETURN-PATH-ARN=b'),
  },
}

export const tags: Family = {
  name: 'Tags',
  happens: 'Somebody tags messages by address to find them again; SES publishes tags with every event.',
  own: 'refused too',
  messages: {
    'the address as the value': address => withTag(address),
    'the address as the name': address => withTag('x', address),
    'the address percent-encoded': address => withTag(percentUri(address)),
    'the address in base64url, which a tag allows': address => withTag(Buffer.from(address).toString('base64url')),
    'the address in hexadecimal, which a tag allows': address => withTag(Buffer.from(address).toString('hex')),
    'the address as the name, in base64url': address => withTag('x', Buffer.from(address).toString('base64url')),
    'the address in entities': address => withTag(address.replace('@', '&#64;')),
    'a JSON of the row': address => withTag(JSON.stringify({ address })),
    'a value that is no text': address => withTag({ address }),
    'a value that is a list': address => withTag([address]),
    'a tag with a third key': address =>
      withKeys({ EmailTags: [...honest().EmailTags, { Name: 'a', Value: 'b', Comment: address }] }),
    'the recipient key replaced by the address': address =>
      withKeys({ EmailTags: [...honest().EmailTags.slice(0, 3), { Name: 'recipient', Value: address }] }),
    'the configuration set named by the address': address => withKeys({ ConfigurationSetName: address }),
  },
}
