import { expect, test } from 'vitest'
import { InspectedMail } from '../../functions/leak-guard/inspected-mail.ts'
import { mailRequest } from '../../functions/ses/mail-request.ts'
import { inspected } from '../memory/inspected.ts'

const request = mailRequest({
  from: { address: 'notices@shop.example' },
  to: 'ada@example.com',
  replyTo: undefined,
  subject: 'Prices',
  text: 'They change.',
  html: '<p>They change.</p>',
  tags: { notice: 'n1', batch: 0, attempt: 1, recipient: 'AAAAAAAAAAAAAAAAAAAAAA' },
  configurationSet: 'notices',
})

test('only the guard makes an inspected mail: what looks like one, past the compiler, is none', () => {
  const mail = inspected(request)
  expect(InspectedMail.isGenuine(mail)).toBe(true)
  expect(InspectedMail.isGenuine({ ...mail })).toBe(false)
  expect(InspectedMail.isGenuine(structuredClone(mail))).toBe(false)
  expect(InspectedMail.isGenuine(Object.setPrototypeOf({ ...mail }, InspectedMail.prototype))).toBe(false)
})

test('an inspected mail cannot be changed', () => {
  const mail = inspected(request)
  const { ToAddresses } = mail.request.Destination
  expect(() => Array.prototype.push.call(ToAddresses, 'eve@example.com')).toThrow()
  expect(() => Object.assign(mail.request, { Destination: { ToAddresses: ['eve@example.com'] } })).toThrow()
  expect(() => Object.assign(mail, { request })).toThrow()
  expect(ToAddresses).toEqual(['ada@example.com'])
})

test('every part of its request is frozen', () => {
  const mail = inspected({ ...request, ReplyToAddresses: ['help@shop.example'] })
  const parts: unknown[] = [mail.request]
  let looked = 0
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    if (typeof part !== 'object' || part === null) continue
    expect(Object.isFrozen(part)).toBe(true)
    parts.push(...Object.values(part))
    looked++
  }
  expect(Object.isFrozen(mail)).toBe(true)
  expect(looked).toBeGreaterThan(13)
})
