import { createHash } from 'node:crypto'
import { domainToASCII } from 'node:url'
import type { Seeded } from './seeded.ts'

/** One row of an audience: whom the message is for, and with which values. */
export interface Person {
  /** Normalised. */
  readonly address: string
  readonly key: string
  readonly variables: Readonly<Record<string, string>>
}

const locals = [
  'jane.doe',
  'j',
  'max',
  "o'brien",
  "sinead.o'connor",
  "d'angelo",
  'jean-luc.picard',
  'mary_ann',
  '4711',
  'a.b.c.d',
  'first.last+news',
  'x+y+z',
  'sales/emea',
  'user=name',
  'abc#1',
  'big$deal',
  'r&d',
  '{curly}',
  'so~what',
  'is-it?',
  '*star*',
  'info',
  'notices',
  'support',
  'undisclosed-recipients',
  'mailer-daemon',
  '_under_',
  '-dash-',
  'media',
  'import',
  'deadbeef',
  'amp',
  'commat',
]
const domains = [
  'example.com',
  'example.org',
  'example.net',
  'mail.example.com',
  'a.b.c.example.org',
  'x.test',
  '163.example',
  'my-bank.example',
  'my--own.example',
  'bücher.example',
  'mail.müller.example',
  '例子.测试',
  'пример.испытание',
  'उदाहरण.परीक्षा',
  'straße.example',
  'co.uk.example',
  'xn--bcher-kva.example',
]
const names = [
  'Jane',
  "Sinéad O'Connor",
  'Conan O’Brien',
  "N'Golo D'Angelo",
  'Jean-Luc Picard',
  'J. R. R. Tolkien',
  'Dr. med. Ötzi Äußerst',
  'Marks & Spencer',
  'AT&T Inc.',
  'R&D @ Work',
  'Yahoo!',
  '100% Pure Ltd.',
  '<script>alert(1)</script>',
  '"Quoted" Name',
  'Back\\slash',
  'Tom &amp; Jerry',
  'Zoë 👩‍👩‍👧',
  '山田 太郎',
  '김철수',
  'محمد العلي',
  'דוד כהן',
  'नरेन्द्र',
  'ณัฐพล',
  'Владимир',
  'Ελένη',
  'می‌خواهم',
  'Müller-Lüdenscheidt',
  'Nguyễn Thị Ánh',
  'e\u0301tienne',
  'ﷺ',
  '①②③',
  '𝓕𝓪𝓷𝓬𝔂',
  'Example.com GmbH & Co. KG',
  '@jane',
  '@scope',
  'a @ b',
  '=?',
  '&',
  '%',
  '%41',
  '50%',
  '&copy',
  '',
]
const amounts = ['1.204,50 €', '$3.00', '3 @ 4.50', '10@4.50', '12 @ $4.50/pc', '₹1,00,000', '0', '-5%', '1e3', '½']

/** A person with what a mail merge gives for them. Everything in it is their own. */
export function personOf(chance: Seeded): Person {
  const local = chance.pick(locals)
  const written = chance.pick(domains)
  const address = `${local}@${domainToASCII(written)}`
  const email = chance.pick([address, `${local}@${written}`, address.toUpperCase(), capitals(address)])
  const token = () => chance.bytes(chance.pick([9, 12, 16, 20, 24, 32, 48, 64, 96, 180]))
  const encoded = encodeURIComponent(email)
  const row = JSON.stringify({ email, id: chance.int(99_999), locale: 'en' })
  const jwt = [JSON.stringify({ alg: 'HS256', typ: 'JWT' }), row].map(part => Buffer.from(part).toString('base64url'))
  return {
    address,
    key: chance.bytes(16).toString('base64url').slice(0, 22),
    variables: {
      email,
      name: chance.pick(names),
      amount: chance.pick(amounts),
      encoded,
      twice: encodeURIComponent(encoded),
      form: encoded.replaceAll('%20', '+').toLowerCase(),
      base64: Buffer.from(email).toString('base64'),
      base64url: Buffer.from(row).toString('base64url'),
      jwt: `${jwt.join('.')}.${chance.bytes(32).toString('base64url')}`,
      token: token().toString('base64'),
      tokenForLink: token().toString('base64url'),
      tokens: [token(), token(), token()].map(bytes => bytes.toString('base64url')).join('.'),
      hash: createHash('sha256').update(address).digest('hex'),
      hexToken: token().toString('hex'),
      uuid: chance
        .bytes(16)
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
      number: String(chance.int(1_000_000)),
      percentage: `${chance.int(100)}%`,
      time: `${chance.int(24)}:${10 + chance.int(50)} @ Monday`,
      handle: chance.pick(['@jane', '@jane_doe', '@日本', '@4711']),
      image: `data:image/png;base64,${chance.bytes(chance.pick([60, 300, 900])).toString('base64')}`,
    },
  }
}

function capitals(address: string): string {
  return address.replace(/(^|[.@+_-])([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase())
}
