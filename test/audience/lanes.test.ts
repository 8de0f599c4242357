import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createBatchWriter } from '../../functions/audience/batch-writer.ts'
import { type Lanes, laneFinder } from '../../functions/pacer/lanes.ts'
import { memoryAudienceStore } from '../memory/memory-audience-store.ts'
import { indexFile } from './index-file.ts'

const domains = ['example.com', 'yahoo.example', 'yahoo.co.example', '163.example', 'qq.example']
const ceilings = fc.constantFrom(0.5, 1, 2.9, 5, 30, 99.5, 100, 1_000)
const lanes: fc.Arbitrary<Lanes> = fc.dictionary(
  fc.constantFrom('yahoo.*', '163.example', '*.example', 'yahoo.co.example', 'nobody.example'),
  ceilings,
)
const rows = fc.array(fc.constantFrom(...domains), { minLength: 1, maxLength: 400 })
const layout = fc.record({ lanes, batchSize: fc.constantFrom(1, 7, 100) })

const csv = (domainsOfRows: readonly string[]) =>
  `email\n${domainsOfRows.map((domain, n) => `c${n}@${domain}\n`).join('')}`

async function batchesOf(file: string, given: { lanes?: Lanes; batchSize?: number }) {
  const { result, recipients, batches } = await indexFile(file, 1_000, given)
  if (result.kind === 'problem') throw new Error(result.message)
  const store = memoryAudienceStore(new Map([['a', { recipients, batches }]]))
  const slices = await store.readBatchSlices('a', result.audience.digest)
  const read = slices.map(async slice => ({ slice, addresses: addressesOf(await store.readRecipients('a', slice)) }))
  return { audience: result.audience, recipients, batches: await Promise.all(read) }
}

const addressesOf = (recipients: readonly { address: string }[]) => recipients.map(({ address }) => address)
const domainOf = (address: string) => address.slice(address.indexOf('@') + 1)
const numberOf = (address: string | undefined) => Number(/\d+/.exec(address ?? '')?.[0])
const capacityOf = (given: Lanes, lane: string | undefined, batchSize: number) =>
  lane === undefined ? batchSize : Math.max(1, Math.min(batchSize, Math.floor(given[lane] ?? 0)))

it('a batch has recipients of one lane, as many as fit its ceiling, and every recipient is in one batch', async () => {
  await fc.assert(
    fc.asyncProperty(rows, layout, async (domainsOfRows, given) => {
      const { audience, recipients, batches } = await batchesOf(csv(domainsOfRows), given)
      const laneOf = laneFinder(given.lanes)
      for (const { slice, addresses } of batches) {
        expect(new Set(addresses.map(address => laneOf(domainOf(address))))).toEqual(new Set([slice.lane]))
        expect(addresses).toHaveLength(slice.size)
        expect(slice.size).toBeLessThanOrEqual(capacityOf(given.lanes, slice.lane, given.batchSize))
      }
      const numbers = batches.flatMap(({ addresses }) => addresses.map(numberOf))
      expect(numbers.toSorted((a, b) => a - b)).toEqual(domainsOfRows.map((_, n) => n))
      expect(batches).toHaveLength(audience.batches)
      const end = batches.reduce((at, { slice }) => (slice.offset === at ? at + slice.length : Number.NaN), 0)
      expect(end).toBe(recipients.length)
    }),
    { numRuns: 150 },
  )
})

it('within a lane recipients keep the order of the file, and only its last batch has room', async () => {
  await fc.assert(
    fc.asyncProperty(rows, layout, async (domainsOfRows, given) => {
      const { batches } = await batchesOf(csv(domainsOfRows), given)
      for (const [lane, own] of Map.groupBy(batches, ({ slice }) => slice.lane)) {
        const numbers = own.flatMap(({ addresses }) => addresses.map(numberOf))
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
        const capacity = capacityOf(given.lanes, lane, given.batchSize)
        expect(own.slice(0, -1).every(({ slice }) => slice.size === capacity)).toBe(true)
      }
    }),
    { numRuns: 100 },
  )
})

it('batches lie in the order in which they became full; the rest follow, the main lane first, then by name', async () => {
  await fc.assert(
    fc.asyncProperty(rows, layout, async (domainsOfRows, given) => {
      const { batches } = await batchesOf(csv(domainsOfRows), given)
      const isFull = ({ slice }: (typeof batches)[number]) =>
        slice.size === capacityOf(given.lanes, slice.lane, given.batchSize)
      const full = batches.filter(isFull)
      expect(batches.slice(0, full.length)).toEqual(full)
      const filledAt = full.map(({ addresses }) => numberOf(addresses.at(-1)))
      expect(filledAt).toEqual(filledAt.toSorted((a, b) => a - b))
      const rest = batches.slice(full.length).map(({ slice }) => slice.lane ?? '')
      expect(rest).toEqual([...new Set(rest)].sort())
    }),
    { numRuns: 100 },
  )
})

it('the audience says how many are in each lane that there is, 0 too', async () => {
  await fc.assert(
    fc.asyncProperty(rows, layout, async (domainsOfRows, given) => {
      const { audience } = await batchesOf(csv(domainsOfRows), given)
      const laneOf = laneFinder(given.lanes)
      const expected = Object.keys(given.lanes).map(lane => [
        lane,
        domainsOfRows.filter(it => laneOf(it) === lane).length,
      ])
      expect(audience.lanes).toEqual(Object.fromEntries(expected))
    }),
    { numRuns: 60 },
  )
})

it('an audience in whose lanes is nobody is byte for byte the one without lanes', async () => {
  const file = csv(Array.from({ length: 250 }, () => 'example.com'))
  const [without, empty, unused] = await Promise.all(
    [undefined, { lanes: {} }, { lanes: { '163.example': 5, 'yahoo.*': 50 } }].map(given =>
      indexFile(file, 1_000, given),
    ),
  )
  expect(empty).toEqual(without)
  expect(unused?.batches.equals(without?.batches ?? Buffer.alloc(0))).toBe(true)
  expect(unused?.recipients.equals(without?.recipients ?? Buffer.alloc(0))).toBe(true)
})

it('no more is kept in memory than one open batch of each lane', async () => {
  await fc.assert(
    fc.asyncProperty(rows, layout, async (domainsOfRows, given) => {
      let written = 0
      const sink = { close: async () => {}, abort: async () => {} }
      const count = async (bytes: Uint8Array) => {
        written += linesIn(bytes)
      }
      const recipients = { ...sink, write: count }
      const writer = createBatchWriter(recipients, { ...sink, write: async () => {} }, given)
      const room = [undefined, ...Object.keys(given.lanes)].map(
        lane => capacityOf(given.lanes, lane, given.batchSize) - 1,
      )
      const most = room.reduce((sum, size) => sum + size, 0)
      for (const [n, domain] of domainsOfRows.entries()) {
        await writer.add(`c${n}@${domain}`, `${n}\n`)
        expect(n + 1 - written).toBeLessThanOrEqual(most)
      }
      await writer.finish()
      expect(written).toBe(domainsOfRows.length)
    }),
    { numRuns: 100 },
  )
})

const linesIn = (bytes: Uint8Array) => Buffer.from(bytes).toString().split('\n').length - 1
