import { SendEmailCommand } from '@aws-sdk/client-sesv2'
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { runSimulator } from './running-simulator.ts'
import { sendEmailInput } from './send-email-input.ts'

const content = (subject: string, text: string) => ({
  Content: {
    Simple: {
      Subject: { Data: subject, Charset: 'UTF-8' },
      Body: { Text: { Data: text, Charset: 'UTF-8' }, Html: { Data: `<p>${text}</p>`, Charset: 'UTF-8' } },
      Headers: [{ Name: 'List-Unsubscribe', Value: '<https://sender.example/u/1>' }],
    },
  },
})

async function sendAndRead(to: string, changes: object) {
  const { client, control } = await runSimulator()
  const { MessageId } = await client.send(new SendEmailCommand(sendEmailInput(to, changes)))
  const { body } = await control('GET', 'messages')
  const again = await control('GET', 'messages')
  const mime = Buffer.from(body[0].mime, 'base64')
  return { MessageId, kept: body[0], again: again.body[0], mime, parsed: await PostalMime.parse(mime) }
}

const withoutLastBreak = (text: string | undefined) => text?.replaceAll('\r\n', '\n').replace(/\n$/, '')

describe('the message that a mailbox gets has the exact recipient, subject and bodies', () => {
  test.each([
    ['Latin', 'The index changes on 1 November', 'Dear Jane,\nthe index changes.\n\nYours'],
    ['Latin with accents', 'L’indice change : ce qu’il faut savoir', 'Chère Zoë,\nl’indice change.'],
    ['Greek', 'Ο δείκτης αλλάζει', 'Αγαπητή Ελένη,\nο δείκτης αλλάζει.'],
    ['Cyrillic', 'Индекс меняется', 'Уважаемая Анна,\nиндекс меняется.'],
    ['Arabic', 'يتغير المؤشر', 'عزيزتي ليلى،\nيتغير المؤشر.'],
    [
      'Japanese',
      '指数が変更されます。お知らせを必ずお読みください。重要なお知らせです。',
      '山田様\n指数が変更されます。',
    ],
    ['Hindi', 'सूचकांक बदल रहा है', 'प्रिय आशा,\nसूचकांक बदल रहा है।'],
    ['emoji', 'Index 📈 changes', 'Hello 👩‍👩‍👧\n📈'],
    ['long lines', 'a'.repeat(300), `${'word '.repeat(400)}end`],
    ['leading dots and From', 'From here', '.\n..\nFrom here\n= = =20'],
  ])('%s', async (_, subject, text) => {
    const { parsed, kept, MessageId } = await sendAndRead('jane@shop.example', content(subject, text))
    expect(parsed.to).toEqual([{ address: 'jane@shop.example', name: '' }])
    expect(parsed.from).toEqual({ address: 'notice@sender.example', name: 'Notices' })
    expect(parsed.subject).toBe(subject)
    expect(withoutLastBreak(parsed.text)).toBe(text)
    expect(withoutLastBreak(parsed.html)).toBe(`<p>${text}</p>`)
    expect(parsed.messageId).toBe(`<${MessageId}@email.amazonses.com>`)
    expect(kept).toMatchObject({
      messageId: MessageId,
      envelope: { from: 'notice@sender.example', to: ['jane@shop.example'] },
    })
    expect(Math.abs(Date.parse(parsed.date ?? '') - kept.acceptedAtMs)).toBeLessThan(1_000)
  })
})

test('every header line is ASCII and every line at most 998 characters', async () => {
  const { mime } = await sendAndRead('jane@shop.example', content('Ο δείκτης αλλάζει '.repeat(20), '指数'.repeat(900)))
  const text = mime.toString('latin1')
  expect(text.slice(0, text.indexOf('\r\n\r\n'))).toMatch(/^[\t\r\n -~]+$/)
  expect(Math.max(...text.split('\r\n').map(line => line.length))).toBeLessThanOrEqual(998)
})

test('the same message has the same bytes each time it is read', async () => {
  const { kept, again } = await sendAndRead('jane@shop.example', content('Ο δείκτης', 'αλλάζει'))
  expect(again).toEqual(kept)
})

test('headers and Reply-To are kept; an encoded name and an encoded subject are decoded', async () => {
  const encoded = '=?UTF-8?B?Wm/Dqw==?='
  const { parsed } = await sendAndRead('jane@shop.example', {
    FromEmailAddress: `${encoded} <notice@sender.example>`,
    ...content(encoded, 'Hello'),
  })
  expect(parsed.from?.name).toBe('Zoë')
  expect(parsed.subject).toBe('Zoë')
  expect(parsed.replyTo).toEqual([{ address: 'help@sender.example', name: '' }])
  const unsubscribe = parsed.headers.find(({ key }) => key === 'list-unsubscribe')
  expect(unsubscribe?.value).toBe('<https://sender.example/u/1>')
})

test('several recipients leave as asked: To and Cc in the headers, Bcc in the envelope only', async () => {
  const To = Array.from({ length: 30 }, (_, index) => `to${index}@shop.example`)
  const { parsed, kept, mime } = await sendAndRead('', {
    Destination: { ToAddresses: To, CcAddresses: ['cc@shop.example'], BccAddresses: ['bcc@shop.example'] },
  })
  expect(parsed.to?.map(({ address }) => address)).toEqual(To)
  expect(parsed.cc?.map(({ address }) => address)).toEqual(['cc@shop.example'])
  expect(kept.envelope.to).toEqual([...To, 'cc@shop.example', 'bcc@shop.example'])
  expect(mime.toString()).not.toContain('bcc@')
})

test('a message of text alone is not multipart', async () => {
  const Simple = { Subject: { Data: 'Hello' }, Body: { Text: { Data: 'Only text' } } }
  const { parsed } = await sendAndRead('jane@shop.example', { Content: { Simple } })
  expect(parsed.html).toBeUndefined()
  expect(withoutLastBreak(parsed.text)).toBe('Only text')
})
