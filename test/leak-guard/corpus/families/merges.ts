import { percentUri } from '../encodings.ts'
import type { Family } from '../family.ts'
import { honest, self, withHtml, withSubject, withText } from '../honest.ts'

export const merges: Family = {
  name: 'Mail merges off by one',
  happens:
    'Rows and addresses are two lists, one has a header or a blank line more, and only a part of a message slips.',
  own: 'passes',
  messages: {
    'the greeting': address => withText(`Dear ${address},`),
    'the greeting in HTML alone': address => honest({ html: `<p>Dear ${address},</p>`, text: 'Dear Jane,' }),
    'the greeting in text alone': address => honest({ html: '<p>Dear Jane,</p>', text: `Dear ${address},` }),
    'the greeting in the subject alone': address => withSubject(`${address}: the index changes`),
    'the greeting to oneself and another': address => withText(`Dear ${self} and ${address},`),
    'oneself, and another in the footer': address => withText(`Dear ${self},\n\nthis message was sent to ${address}.`),
    'another, and oneself in the footer': address => withText(`Dear ${address},\n\nthis message was sent to ${self}.`),
    'oneself and another, joined by a comma': address => withText(`Sent to ${self},${address}`),
    'oneself and another, joined by nothing but a tag': address => withHtml(`<b>${self}</b> <b>${address}</b>`),
    'the link to unsubscribe': address =>
      withHtml(`<p>${self}</p><a href="https://exchange.example/u?e=${percentUri(address)}">Unsubscribe</a>`),
    'the text of the link, but not its target': address =>
      withHtml(`<a href="https://exchange.example/u?e=${percentUri(self)}">Unsubscribe ${address}</a>`),
    'the link in the text body alone': address =>
      honest({
        text: `https://exchange.example/u?e=${percentUri(address)}`,
        html: `<a href="https://exchange.example/u?e=${percentUri(self)}">Unsubscribe</a>`,
      }),
    'a form already filled in': address =>
      withHtml(`<form><input name="email" value="${address}"><input name="confirm" value="${self}"></form>`),
    'the placeholder filled twice': address => withText(`Account ${self}${' '}(${address})`),
    'a hundred own addresses and one other': address => withText(`${`${self}\n`.repeat(100)}${address}\n`),
    'at the very end of a long message': address => withText(`${'The index changes. '.repeat(3_000)}${address}`),
    'at the very beginning of the text': address => honest({ text: `${address}` }),
    'at the very beginning of the HTML': address => honest({ html: address }),
    'at the very beginning of the subject': address => withSubject(address),
    'an empty text and another in the HTML': address => honest({ text: '', html: `<p>${address}</p>` }),
  },
}

export const almost: Family = {
  name: 'Almost an address that is permitted',
  happens: 'Two customers have nearly the same address: a namesake, a second account, the same name at another domain.',
  own: 'refused too',
  messages: {
    'with a letter before': () => withText(`Account x${self}`),
    'with a name before': () => withText(`Account anna.${self}`),
    'with a hyphen before': () => withText(`Account mary-${self}`),
    'with an underscore before': () => withText(`Account a_${self}`),
    'with a digit before': () => withText(`Account 2${self}`),
    'with a letter beyond ASCII before': () => withText(`Account \u0142${self}`),
    'with a letter after': () => withText(`Account ${self}m`),
    'with a country after': () => withText(`Account ${self}.au`),
    'with a domain after': () => withText(`Account ${self}.evil.test`),
    'with a domain of another script after': () => withText(`Account ${self}.\u6d4b\u8bd5`),
    'with a Cyrillic country after': () => withText(`Account ${self}.\u0440\u0444`),
    'with a hyphen after': () => withText(`Account ${self}-bank.test`),
    'without the tag': () => withText('Account jane.doe@example.com'),
    'with another tag': () => withText('Account jane.doe+sales@example.com'),
    'with the second half of the name alone': () => withText('Account doe+news@example.com'),
    'with the tag alone': () => withText('Account news@example.com'),
    'without the dot': () => withText('Account janedoe+news@example.com'),
    'at a parent domain': () => withText('Account support@example'.concat('.test')),
    'at a subdomain': () => withText('Account jane.doe+news@mail.example.com'),
    'at a domain that ends alike': () => withText('Account jane.doe+news@myexample.com'),
    'a Cyrillic letter in the name': () => withText(`Account ${self.replace('a', '\u0430')}`),
    'a Cyrillic letter in the domain': () => withText(`Account ${self.replace('example', 'ex\u0430mple')}`),
    'a letter with an accent': () => withText(`Account ${self.replace('jane', 'jan\u00e9')}`),
    'a letter with a combining accent': () => withText(`Account ${self.replace('jane', 'jane\u0301')}`),
    'a dotless i for an i': () => withText('Account not\u0131ces@exchange.example'),
    'before the support of the notice': () => withText('Account max.support@exchange.example'),
    'after the support of the notice': () => withText('Account support@exchange.example.net'),
    'the own name at the domain of the notice': () => withText('Account jane.doe+news@exchange.example'),
    'the name of the support at the own domain': () => withText('Account support@example.com'),
    'the own address, and another right behind it': address => withText(`${self}${address}`),
    'another, and the own address right behind it': address => withText(`${address}${self}`),
    'the own address twice without a space': () => withText(`${self}${self}`),
    'the own address as a bounce address': () => withText('bounce+jane.doe+news=example.com@mail.example.com'),
    'the own domain as a local part': address => withText(`example.com@${address.split('@')[1]}`),
    'the own address in capitals with a letter before': () => withText(`X${self.toUpperCase()}`),
    'a namesake in a link': () =>
      withHtml(`<a href="https://exchange.example/u?e=${percentUri(`mary.${self}`)}">x</a>`),
    'a namesake in base64': () =>
      withHtml(`<a href="https://exchange.example/u?e=${Buffer.from(`mary-${self}`).toString('base64url')}">x</a>`),
  },
}
