import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { goodInputs, readable, synthesise } from './template.ts'

const inputs = {
  'an address': goodInputs,
  'a domain': { ...goodInputs, sender: 'example.org' },
  'a hosted zone': { alarmEmail: 'ops@example.com', hostedZoneId: 'Z1', hostedZoneName: 'example.net' },
  'the sandbox': { ...goodInputs, sandbox: 'true' },
}

function saidOf(given: object): Readonly<Record<string, string>> {
  const template = synthesise({ ...given, region: 'eu-central-1' })
  return Object.fromEntries(
    Object.entries(template.Outputs).map(([name, { Value }]) => [name, readable(template, Value)]),
  )
}

describe.each(Object.entries(inputs))('After a deployment with %s', (_, given) => {
  const said = saidOf(given)
  const { ApiUrl, ...sentences } = said

  it('everything said is a sentence, but for the address of the API, which programs read', () => {
    expect(ApiUrl).toBe('Api/Http')
    for (const [name, sentence] of Object.entries(sentences)) expect(sentence, name).toMatch(/^[A-Z]\w+ .{60,}/)
  })

  it('the first notice can be sent with what is said, and goes to nobody but the mailbox simulator', () => {
    const [, directory = '', audience = ''] =
      /onlyto send (\S+) --audience (\S+) --api Api\/Http$/.exec(said['FirstNotice'] ?? '') ?? []
    expect([existsSync(directory), existsSync(audience)]).toEqual([true, true])
  })
})

describe('It is said', () => {
  it.each([
    ['an address', 'notices@example.com --query VerifiedForSendingStatus, or for its domain: aws'],
    ['a domain', '--email-identity example.org --query VerifiedForSendingStatus'],
    ['a hosted zone', 'SES verifies example.net by its DNS records'],
  ] as const)('how to see whether %s is verified', (of, expected) => {
    expect(saidOf(inputs[of])['VerifySender']).toContain(expected)
  })

  it('that a notice names its own address where any of the domain may send', () => {
    expect(saidOf(inputs['a domain'])['FirstNotice']).toContain('of example.org')
    expect(saidOf(inputs['an address'])['FirstNotice']).not.toContain('from.address')
  })

  it('what the sandbox lets through, and what to do on either side of it', () => {
    expect(saidOf(inputs['the sandbox'])['Sandbox']).toContain('200 a day, one a second')
    for (const given of Object.values(inputs)) expect(saidOf(given)['Sandbox']).toContain('-c sandbox=true')
  })
})
