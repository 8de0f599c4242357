import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressFaults, parseAddress } from '../../functions/recipient/address.ts'

const reasonOf = (text: string) => {
  const parsed = parseAddress(text)
  return parsed.kind === 'invalid' ? parsed.reason : parsed.address
}

describe('a valid address', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['  Ada.Lovelace@EXAMPLE.com\t', 'ada.lovelace@example.com'],
    ['ada+news@example.com', 'ada+news@example.com'],
    ["o'neil@example.org", "o'neil@example.org"],
    ['info@müller.example', 'info@xn--mller-kva.example'],
    ['info@MÜLLER.example', 'info@xn--mller-kva.example'],
    ['info@xn--MLLER-kva.example', 'info@xn--mller-kva.example'],
    ['info@例え。test', 'info@xn--r8jz45g.test'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('%s is normalised to %s', (text, address) => {
    expect(parseAddress(text)).toEqual({ kind: 'valid', address })
  })

  it('stays the same when normalised again', () => {
    fc.assert(
      fc.property(fc.emailAddress(), text => {
        const first = parseAddress(text)
        fc.pre(first.kind === 'valid')
        expect(parseAddress(first.address)).toEqual(first)
      }),
    )
  })

  it('is plain ASCII of one @ and no separator, whatever was given', () => {
    const piece = fc.constantFrom(
      'a',
      'é',
      '.',
      '@',
      ',',
      ';',
      '<',
      '"',
      ' ',
      '\u200b',
      '%',
      '!',
      '-',
      '例',
      '\r\n',
      'com',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
        const parsed = parseAddress(pieces.join(''))
        if (parsed.kind === 'valid') expect(parsed.address).toMatch(/^[!-+\--:=?A-~]+@[a-z0-9.-]+$/)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('an invalid address is refused with its reason', () => {
  it.each([
    ['', 'address-missing'],
    [' \t ', 'address-missing'],
    ['ada.example.com', 'address-without-at'],
    ['@example.com', 'address-without-local-part'],
    ['ada@', 'address-without-domain'],
    ['ada lovelace@example.com', 'address-with-space'],
    ['ada@example.com bob@example.com', 'address-with-space'],
    ['ada@example.com,bob@example.com', 'several-addresses'],
    ['ada@example.com; bob@example.com', 'several-addresses'],
    ['friends:ada@example.com,bob@example.com;', 'several-addresses'],
    ['ada@example.com@example.org', 'several-addresses'],
    ['Ada <ada@example.com>', 'address-with-name'],
    ['<ada@example.com>', 'address-with-name'],
    ['"ada lovelace"@example.com', 'address-with-name'],
    ['ada@example.com (Ada)', 'address-with-name'],
    ['ada@example.com\u0000', 'address-with-invisible-character'],
    ['ada\u200b@example.com', 'address-with-invisible-character'],
    ['ada@example.com\r\nBcc: bob@example.com', 'address-with-invisible-character'],
    ['\u202eada@example.com', 'address-with-invisible-character'],
    ['adá@example.com', 'local-part-not-ascii'],
    ['\u212aelvin@example.com', 'local-part-not-ascii'],
    ['.ada@example.com', 'local-part-invalid'],
    ['ada..l@example.com', 'local-part-invalid'],
    ['mailto:ada@example.com', 'local-part-invalid'],
    ['bob%example.org@example.com', 'local-part-with-route'],
    ['example.org!bob@example.com', 'local-part-with-route'],
    [`${'a'.repeat(65)}@example.com`, 'local-part-too-long'],
    [`${'a'.repeat(60)}@${`${'b'.repeat(60)}.`.repeat(4)}example`, 'address-too-long'],
    ['ada@localhost', 'domain-without-dot'],
    ['ada@192.0.2.1', 'domain-numeric'],
    ['ada@[192.0.2.1]', 'domain-numeric'],
    ['ada@example.123', 'domain-numeric'],
    ['ada@example..com', 'domain-invalid'],
    ['ada@example.com.', 'domain-invalid'],
    ['ada@-example.com', 'domain-invalid'],
    ['ada@exa_mple.com', 'domain-invalid'],
    ['ada@ex%61mple.com', 'domain-invalid'],
    ['ada@exam／ple.com', 'domain-invalid'],
    ['ada@éx%61mple.com', 'domain-invalid'],
    [`ada@${'b'.repeat(64)}.com`, 'domain-invalid'],
  ])('%j: %s', (text, reason) => {
    expect(reasonOf(text)).toBe(reason)
    expect(Object.keys(addressFaults)).toContain(reason)
  })
})
