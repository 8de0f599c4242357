import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Content } from '../../functions/notice/content.ts'
import type { AudienceRow, Recipient } from '../../functions/recipient/recipient.ts'
import { addressesWrittenIn } from '../../functions/rendering/notice-addresses.ts'
import { compileContent } from '../../functions/rendering/render.ts'
import { prepareMessage } from '../../functions/sender/prepare-message.ts'
import { audienceSecretInMemory, memoryAudienceKeys, sealed } from '../memory/memory-audience-keys.ts'
import { draftNotice, readyAudience } from '../memory/sample-notice.ts'
import { keyOf, variables } from '../recipient/audience-rows.ts'
import { people, sendEverything, senderWorld } from './sender-world.ts'

const plain: Content = {
  defaultLocale: 'en',
  variants: { en: { subject: 'Index change', text: 'The index changes.', html: '<p>The index changes.</p>' } },
}
const naming: Content = {
  defaultLocale: 'en',
  variants: { en: { subject: 'Dear {{name}}', text: 'You have {{balance}}.', html: '<p>{{name}}: {{balance}}</p>' } },
}

/** What becomes of one recipient as a sender has it in hand: `ready`, or the rule by which it was refused. */
function prepare(recipient: Recipient, content: Content = plain): string {
  const notice = draftNotice()
  const { seal } = audienceSecretInMemory()
  const noticeAddresses = addressesWrittenIn(notice, { variants: {} })
  const what = { notice, audience: readyAudience(), content: compileContent(content), seal, noticeAddresses }
  const prepared = prepareMessage(what, { batch: 0, attempt: 1 }, { recipient, position: 0 }, 'notices')
  return prepared.kind === 'ready'
    ? prepared.kind
    : prepared.kind === 'refused'
      ? prepared.outcome.rule
      : prepared.outcome.reason
}

const address = fc.nat(5).map(number => `customer-${number}@example.com`)
const locale = fc.constantFrom(undefined, 'en', 'es')
const rowsWith = (values: fc.Arbitrary<Record<string, string>>): fc.Arbitrary<Recipient> =>
  fc
    .record({ address, locale, variables: values })
    .map(({ locale, ...row }) => sealed({ ...row, key: keyOf(row.address), ...(locale !== undefined && { locale }) }))
const anyRows = rowsWith(variables)
const fewValues = fc.constantFrom('', '1', '20', 'Ana')
const namedRows = rowsWith(fc.record({ name: fewValues, balance: fewValues }))

const said = ({ address, key, locale, variables }: AudienceRow) =>
  JSON.stringify([address, key, locale, Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1))])
const parts = ['address', 'key', 'locale', 'variables', 'seal'] as const

/** `one`, with some of its parts from `other`. */
function cross(one: Recipient, other: Recipient, taken: readonly (typeof parts)[number][]): Recipient {
  const { locale, ...crossed } = { ...one, ...Object.fromEntries(taken.map(part => [part, other[part]])) }
  return { ...crossed, ...(locale !== undefined && { locale }) }
}

describe('A row of the audience', () => {
  it('passes as it is, whatever its variables are named and hold', () => {
    fc.assert(
      fc.property(anyRows, row => {
        expect(prepare(row)).toBe('ready')
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['of any variables', anyRows, plain],
    ['of a few values', namedRows, naming],
  ])('%s is refused once any part of it comes from another', (_, rows, content) => {
    fc.assert(
      fc.property(rows, rows, fc.subarray([...parts]), (one, other, taken) => {
        const crossed = cross(one, other, taken)
        const isRow = [one, other].some(row => said(row) === said(crossed) && row.seal === crossed.seal)
        expect(prepare(crossed, content)).toBe(isRow ? 'ready' : 'crossed-row')
      }),
      { numRuns: 500 },
    )
  })

  it('is refused with one value of another row among its own, also one that the message does not show', () => {
    fc.assert(
      fc.property(anyRows, fc.string(), fc.string(), (row, name, value) => {
        const crossed = { ...row, variables: Object.fromEntries([...Object.entries(row.variables), [name, value]]) }
        const changed = !Object.hasOwn(row.variables, name) || row.variables[name] !== value
        expect(prepare(crossed)).toBe(changed ? 'crossed-row' : 'ready')
      }),
      { numRuns: 300 },
    )
  })
})

describe('A list of rows', () => {
  it('under any permutation of a column loses exactly those whose value changed', () => {
    const list = fc.uniqueArray(namedRows, { minLength: 2, maxLength: 12, selector: ({ address }) => address })
    const permuted = list.chain(rows =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    )
    fc.assert(
      fc.property(permuted, fc.constantFrom(...parts), ([rows, others], part) => {
        for (const [position, row] of rows.entries()) {
          const other = others[position] ?? row
          const changed = JSON.stringify(row[part]) !== JSON.stringify(other[part])
          expect(prepare(cross(row, other, [part]), naming)).toBe(changed ? 'crossed-row' : 'ready')
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('A sender that is off by one', () => {
  /** The rows as they were read, the variables of each a row further down. */
  const shifted = (rows: readonly Recipient[]) =>
    rows.map((row, position) => ({ ...row, variables: rows[(position + 1) % rows.length]?.variables ?? {} }))

  it('sends nothing, and stops the notice as for any other leak', async () => {
    const world = await senderWorld({ recipients: people(300) })
    const { readRecipients } = world.ports.audiences
    const audiences = {
      ...world.ports.audiences,
      readRecipients: async (...asked: Parameters<typeof readRecipients>) => shifted(await readRecipients(...asked)),
    }
    Object.assign(world.ports, { audiences })
    await sendEverything(world)
    expect(world.calls).toEqual([])
    const stopReason = { kind: 'leak-guard', rule: 'crossed-row', field: 'seal', excerpt: '' }
    expect(await world.read()).toMatchObject({ state: 'stopped', stopReason })
    expect(world.logged.join()).not.toMatch(/customer-|Customer/)
  })
})

describe('A sender without keys', () => {
  it('takes no batch, drops none, and says nothing of anybody; with the keys back it sends to all', async () => {
    let down = true
    const world = await senderWorld({
      recipients: people(200),
      keys: {
        secretOf: async (...asked) => {
          if (down) throw new Error('KMS is out of reach')
          return memoryAudienceKeys().secretOf(...asked)
        },
      },
    })
    const pointer = { noticeId: world.noticeId, run: 1, batch: 0 }
    const sender = world.sender()
    const refusal = await world.clock.drive(sender(pointer, { deadlineMs: Number.POSITIVE_INFINITY })).catch(String)
    expect(refusal).toBe('Error: KMS is out of reach')
    expect(world.calls).toEqual([])
    expect(await world.ledger.readBatch(world.noticeId, 0)).toBeUndefined()
    down = false
    await world.clock.drive(sender(pointer, { deadlineMs: Number.POSITIVE_INFINITY }))
    await sendEverything(world)
    expect(new Set(world.calls.map(({ to }) => to)).size).toBe(200)
    expect(await world.read()).toMatchObject({ state: 'finished', tally: { accepted: 200 } })
  })
})
