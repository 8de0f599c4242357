import { decimalEntities, fullWidth, joinedBy, percentAll, wordB, wordQ, wordQSparse } from '../encodings.ts'
import type { Family } from '../family.ts'
import { sender, support, withFrom, withReplyTo } from '../honest.ts'

export const senders: Family = {
  name: 'The sender',
  happens:
    'Messages are sent in the name of an account manager, taken from the customer’s row or from its neighbour’s.',
  own: 'refused too',
  messages: {
    'another customer': address => withFrom(address),
    'another customer, with the name of the exchange': address => withFrom(`"Example Exchange" <${address}>`),
    'another customer as the name': address => withFrom(`"${address}" <${sender}>`),
    'another customer as the name, unquoted': address => withFrom(`${address} <${sender}>`),
    'another customer “via” the exchange': address => withFrom(`"${address} via Exchange" <${sender}>`),
    'another customer in a base64 word': address => withFrom(`${wordB(address)} <${sender}>`),
    'another customer in a quoted-printable word': address => withFrom(`${wordQ(address)} <${sender}>`),
    'another customer in a sparse word': address => withFrom(`${wordQSparse(`Via ${address}`)} <${sender}>`),
    'another customer over two words': address =>
      withFrom(`${wordB(address.slice(0, 9))} ${wordB(address.slice(9))} <${sender}>`),
    'another customer in a word inside quotes': address => withFrom(`"${wordB(address)}" <${sender}>`),
    'another customer in full width': address => withFrom(`${wordB(fullWidth(address))} <${sender}>`),
    'another customer with invisible characters': address =>
      withFrom(`${wordB(joinedBy('\u200b')(address))} <${sender}>`),
    'another customer in a comment': address => withFrom(`${sender} (${address})`),
    'another customer in a comment before': address => withFrom(`(${address}) Exchange <${sender}>`),
    'another customer behind escapes in the name': address => withFrom(`"${address.replace('@', '\\@')}" <${sender}>`),
    'the whole name escaped': address =>
      withFrom(
        `"${Array.from(address)
          .map(char => `\\${char}`)
          .join('')}" <${sender}>`,
      ),
    'two senders': address => withFrom(`${sender}, ${address}`),
    'two senders in brackets': address => withFrom(`Exchange <${sender}>, <${address}>`),
    'a group of senders': address => withFrom(`Exchange: ${sender}, ${address};`),
    'two addresses in brackets': address => withFrom(`Exchange <${sender}> <${address}>`),
    'a source route': address => withFrom(`Exchange <@${address.split('@')[1]}:${sender}>`),
    'a bounce address made of the customer’s': address =>
      withFrom(`bounce+${address.replace('@', '=')}@exchange.example`),
    'the sender’s name at another domain': () => withFrom('notices@exchange.example.net'),
    'a name before the sender’s own': () => withFrom('my-notices@exchange.example'),
    nobody: () => withFrom('Example Exchange <>'),
    'a name alone': () => withFrom('Example Exchange'),
    nothing: () => withFrom(''),
  },
}

export const replies: Family = {
  name: 'Where replies go',
  happens: 'Replies shall reach the right account manager, and the column beside it is taken; or a list is shared.',
  own: 'refused too',
  messages: {
    'another customer': address => withReplyTo(address),
    'another customer with a name': address => withReplyTo(`Support <${address}>`),
    'support and another customer': address => withReplyTo(support, address),
    'support twice': () => withReplyTo(support, support),
    'support and another customer in one string': address => withReplyTo(`${support}, ${address}`),
    'support and another customer, with a semicolon': address => withReplyTo(`${support};${address}`),
    'support under another’s name': address => withReplyTo(`"${address}" <${support}>`),
    'support under a word': address => withReplyTo(`${wordB(address)} <${support}>`),
    'support with a comment': address => withReplyTo(`${support} (re: ${address})`),
    'support in a group': address => withReplyTo(`Help: ${support}, ${address};`),
    'an address tagged with the customer’s': address =>
      withReplyTo(`support+${address.replace('@', '=')}@exchange.example`),
    'another customer in entities': address => withReplyTo(decimalEntities(address)),
    'another customer, percent-encoded': address => withReplyTo(percentAll(address)),
    'an address literal': () => withReplyTo('other.customer@[192.0.2.7]'),
    'an address of the inner network': () => withReplyTo('other.customer@mailhost'),
    'a quoted local part': () => withReplyTo('"other customer"@example.org'),
    'no address': () => withReplyTo('support'),
    nothing: () => withReplyTo(''),
    'no text': address => withReplyTo({ address }),
    'a list in the list': address => withReplyTo([support, address]),
  },
}
