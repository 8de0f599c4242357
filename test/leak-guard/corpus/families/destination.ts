import type { Family } from '../family.ts'
import { honest, self, withDestination, withTo } from '../honest.ts'

const neighbours = (count: number) => Array.from({ length: count }, (_, row) => `customer.${row}@example.net`)

export const lists: Family = {
  name: 'A list of recipients',
  happens: 'Somebody in a hurry hands a batch to one call instead of making one call for each, as in 2019.',
  own: 'refused too',
  messages: {
    'the recipient and another': address => withTo(self, address),
    'another before the recipient': address => withTo(address, self, address),
    'two others without the recipient': address => withTo(address, 'third.customer@example.net'),
    'a whole batch': address => withTo(self, address, ...neighbours(98)),
    'a thousand, as then': address => withTo(self, address, ...neighbours(998)),
    'the recipient twice': () => withTo(self, self),
    'the recipient in two spellings': () => withTo(self, self.toUpperCase()),
    'a list within the list': address => withTo([self, address]),
    'nobody at all': () => withTo(),
    'a hole before the recipient': () => withTo(undefined, self),
    'an empty place after the recipient': () => withTo(self, null),
    'a set instead of a list': address => withDestination({ ToAddresses: new Set([self, address]) }),
    'something that only resembles a list': address =>
      withDestination({ ToAddresses: { 0: self, 1: address, length: 2 } }),
    'a string instead of a list': address => withDestination({ ToAddresses: `${self},${address}` }),
    'the bare recipient instead of a list': () => withDestination({ ToAddresses: self }),
    'no list': () => withDestination({}),
    'no destination': () => ({ ...honest(), Destination: undefined }),
    'a list as the destination': address => withDestination([{ ToAddresses: [self] }, { ToAddresses: [address] }]),
    'the destination as a string': address => withDestination(address),
  },
}

export const wrongRecipient: Family = {
  name: 'The message of one to another',
  happens: 'The index into the batch is off by one, or two arrays have been sorted differently.',
  own: 'refused too',
  messages: {
    'the next in the batch': address => withTo(address.replace('other', 'another')),
    'the own address without its tag': () => withTo('jane.doe@example.com'),
    'the own address with another tag': () => withTo('jane.doe+other@example.com'),
    'the own address without its dot': () => withTo('janedoe+news@example.com'),
    'the own name at another domain': () => withTo('jane.doe+news@example.org'),
    'the own name at a subdomain': () => withTo('jane.doe+news@mail.example.com'),
    'the own domain with a final dot': () => withTo(`${self}.`),
    'the own address in capitals': () => withTo(self.toUpperCase()),
    'the own domain in capitals': () => withTo('jane.doe+news@EXAMPLE.COM'),
    'a Cyrillic letter in the own name': () => withTo(self.replace('a', '\u0430')),
    'a full-width sign in the own address': () => withTo(self.replace('@', '\uff20')),
    'an invisible character in the own address': () => withTo(self.replace('@', '\u200b@')),
    'the own local part in quotes': () => withTo('"jane.doe+news"@example.com'),
    'the own address escaped for a link': () => withTo(encodeURIComponent(self)),
    'the own address escaped for HTML': () => withTo(self.replace('@', '&#64;')),
    'an address literal': () => withTo('jane.doe+news@[192.0.2.7]'),
    'the name of the column': () => withTo('email'),
    'the placeholder itself': () => withTo('{{email}}'),
    'the sender of the notice': () => withTo('notices@exchange.example'),
    'the support of the notice': () => withTo('support@exchange.example'),
    'an empty string': () => withTo(''),
    'the word undefined': () => withTo('undefined'),
    'a number': () => withTo(4711),
    'an object with the address': address => withTo({ address }),
    'a string object': () => withTo(Object(self)),
  },
}

export const copies: Family = {
  name: 'Copies',
  happens: 'Compliance asks for a copy of each notice, or the batch is moved from To to Bcc to make it private.',
  own: 'refused too',
  messages: {
    'another in Cc': address => withDestination({ ToAddresses: [self], CcAddresses: [address] }),
    'another in Bcc': address => withDestination({ ToAddresses: [self], BccAddresses: [address] }),
    'a batch in Cc': address => withDestination({ ToAddresses: [self], CcAddresses: [address, ...neighbours(98)] }),
    'a batch in Bcc': address => withDestination({ ToAddresses: [self], BccAddresses: [address, ...neighbours(98)] }),
    'a batch in Bcc and nobody in To': address => withDestination({ BccAddresses: [self, address, ...neighbours(3)] }),
    'the batch in Bcc and the sender in To': address =>
      withDestination({ ToAddresses: ['notices@exchange.example'], BccAddresses: [self, address] }),
    'the recipient again in Cc': () => withDestination({ ToAddresses: [self], CcAddresses: [self] }),
    'the recipient again in Bcc': () => withDestination({ ToAddresses: [self], BccAddresses: [self] }),
    'the archive of the sender in Bcc': () =>
      withDestination({ ToAddresses: [self], BccAddresses: ['support@exchange.example'] }),
    'an empty Cc, to be filled later': () => withDestination({ ToAddresses: [self], CcAddresses: [] }),
    'an empty Bcc, to be filled later': () => withDestination({ ToAddresses: [self], BccAddresses: [] }),
    'Cc and Bcc': address => withDestination({ ToAddresses: [self], CcAddresses: [address], BccAddresses: [address] }),
    'a copy under the name of another library': address => withDestination({ ToAddresses: [self], cc: address }),
    'a blind copy beside the destination': address => ({ ...honest(), BccAddresses: [address] }),
    'a copy as a string': address => withDestination({ ToAddresses: [self], CcAddresses: address }),
  },
}
