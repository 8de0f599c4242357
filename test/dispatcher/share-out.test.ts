import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plannedGrants } from '../../functions/dispatcher/grant-rate.ts'
import { fill, type Sharer, shareOut } from '../../functions/dispatcher/share-out.ts'

const lanes = { '163.com': 5, 'yahoo.*': 50 }
const laneNames = ['', ...Object.keys(lanes)]

const sharer = (noticeId: string): fc.Arbitrary<Sharer> =>
  fc.record({
    noticeId: fc.constant(noticeId),
    urgent: fc.boolean(),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    holdsOthersBack: fc.boolean(),
    runnable: fc
      .tuple(...laneNames.map(() => fc.oneof(fc.constant(0), fc.nat(1_000_000))))
      .map(counts => new Map(laneNames.map((lane, index) => [lane, counts[index] ?? 0]))),
  })
const sharers = fc.nat(5).chain(count => fc.tuple(...Array.from({ length: count }, (_, index) => sharer(`n-${index}`))))
const maxSendRate = fc.double({ min: 0.5, max: 10_000, noNaN: true })
const sum = (rates: Iterable<number>) => [...rates].reduce((all, rate) => all + rate, 0)
const ALMOST = 1 + 1e-9

describe('What notices share', () => {
  it('is never more than the rate, nor than the largest share among them', () => {
    fc.assert(
      fc.property(maxSendRate, sharers, (rate, all) => {
        const { totalPerSecond, byLane } = shareOut(rate, lanes, all)
        expect(totalPerSecond).toBeLessThanOrEqual(rate * Math.max(0, ...all.map(({ share }) => share)) * ALMOST)
        expect(sum(byLane.values())).toBeLessThanOrEqual(totalPerSecond * ALMOST)
      }),
    )
  })

  it('keeps each lane to its ceiling, and each notice to its own share', () => {
    fc.assert(
      fc.property(maxSendRate, sharers, (rate, all) => {
        const { byLane, byNotice } = shareOut(rate, lanes, all)
        for (const [lane, ceiling] of Object.entries(lanes)) {
          expect(byLane.get(lane) ?? 0).toBeLessThanOrEqual(ceiling * ALMOST)
        }
        for (const [lane, granted] of byLane) {
          const parts = [...byNotice.values()].map(rates => rates.get(lane) ?? 0)
          expect(sum(parts)).toBeLessThanOrEqual(granted * ALMOST)
        }
        for (const { noticeId, share } of all) {
          for (const part of byNotice.get(noticeId)?.values() ?? []) {
            expect(part).toBeLessThanOrEqual(rate * share * ALMOST)
          }
        }
      }),
    )
  })

  it('is all of the rate, as long as the main lane has something to send', () => {
    fc.assert(
      fc.property(maxSendRate, sharers, (rate, all) => {
        const { totalPerSecond, byLane, byNotice } = shareOut(rate, lanes, all)
        fc.pre(all.some(({ noticeId, runnable }) => byNotice.has(noticeId) && (runnable.get('') ?? 0) > 0))
        expect(sum(byLane.values())).toBeGreaterThanOrEqual(totalPerSecond / ALMOST)
      }),
    )
  })

  it('goes to urgent notices alone, while one of them has enough to do', () => {
    fc.assert(
      fc.property(maxSendRate, sharers, (rate, all) => {
        const { byNotice } = shareOut(rate, lanes, all)
        const first = all.some(({ urgent, holdsOthersBack }) => urgent && holdsOthersBack)
        for (const { noticeId, urgent } of all) expect(byNotice.has(noticeId)).toBe(urgent || !first)
      }),
    )
  })

  it('is equal, where nobody has a smaller share of his own', () => {
    const one = { urgent: false, share: 1, holdsOthersBack: true, runnable: new Map([['', 9_000]]) }
    const three = ['a', 'b', 'c'].map(noticeId => ({ ...one, noticeId }))
    const { byNotice } = shareOut(300, {}, three)
    expect([...byNotice.values()].map(rates => rates.get(''))).toEqual([100, 100, 100])
    const modest = shareOut(300, {}, [...three.slice(1), { ...one, noticeId: 'a', share: 0.1 }])
    expect(['a', 'b', 'c'].map(noticeId => modest.byNotice.get(noticeId)?.get(''))).toEqual([30, 135, 135])
  })

  it('gives a lane somewhat more than it needs to end with the others, and all of its ceiling once they have ended', () => {
    const runnable = new Map([
      ['', 9_900],
      ['yahoo.*', 100],
    ])
    const one = { noticeId: 'a', urgent: false, share: 1, holdsOthersBack: true }
    expect(shareOut(1_000, lanes, [{ ...one, runnable }]).byLane.get('yahoo.*')).toBeCloseTo((1_000 * 150) / 10_050)
    const alone = new Map([['yahoo.*', 100]])
    expect(shareOut(1_000, lanes, [{ ...one, runnable: alone }]).byLane.get('yahoo.*')).toBe(50)
  })
})

describe('A lane of few recipients', () => {
  const one = { noticeId: 'a', urgent: false, share: 1, holdsOthersBack: true }
  const laneRate = (maxSendRate: number) => {
    const runnable = new Map([
      ['', 999_999],
      ['163.com', 1],
    ])
    return shareOut(maxSendRate, lanes, [{ ...one, runnable }]).byLane.get('163.com') ?? 0
  }

  it('gets a slot every five seconds all the same', () => {
    expect(laneRate(1_000)).toBeCloseTo(0.2)
    expect(laneRate(100)).toBeCloseTo(0.2)
  })

  it('gets no more than a twentieth of a low rate', () => {
    expect(laneRate(1)).toBeCloseTo(1 / 21)
  })
})

describe('A rate that is divided', () => {
  it('gives nobody more than his ceiling, and leaves nothing while somebody could take it', () => {
    const weights = fc.dictionary(fc.string(), fc.nat(1_000), { maxKeys: 8 })
    fc.assert(
      fc.property(maxSendRate, weights, fc.double({ min: 1, max: 500, noNaN: true }), (rate, of, ceiling) => {
        const given = fill(rate, new Map(Object.entries(of)), name => ceiling * (1 + name.length))
        for (const [name, part] of given) expect(part).toBeLessThanOrEqual(ceiling * (1 + name.length) * ALMOST)
        const somebodyCould = [...given].some(([name, part]) => part < ceiling * (1 + name.length) * (1 - 1e-9))
        if (somebodyCould) expect(sum(given.values())).toBeCloseTo(rate, 3)
      }),
    )
  })
})

describe('What the pacers are granted', () => {
  const granted = (yahoo: number, before: number) =>
    plannedGrants(1_000, new Map([['yahoo.*', yahoo]]), lanes, new Map([['yahoo.*', before]]))

  it('stays as it is while the part of a lane moves by less than a tenth', () => {
    expect(granted(42, 40).get('yahoo.*')).toBe(40)
    expect(granted(37, 40).get('yahoo.*')).toBe(40)
    expect(granted(45, 40).get('yahoo.*')).toBe(45)
    expect(granted(35, 40).get('yahoo.*')).toBe(35)
  })

  it('falls at once where a lane has had more than its ceiling is now', () => {
    expect(granted(50, 52).get('yahoo.*')).toBe(50)
  })

  it('leaves the main lane a hundredth, where lanes could take all', () => {
    const grants = plannedGrants(40, new Map([['yahoo.*', 40]]), lanes, new Map())
    expect(grants.get('')).toBeCloseTo(0.4)
    expect(grants.get('yahoo.*')).toBeCloseTo(39.6)
  })

  it('is never more than the total, but for the hundredth that the main lane keeps; and no lane is above its ceiling', () => {
    fc.assert(
      fc.property(maxSendRate, sharers, sharers, (rate, before, after) => {
        const first = shareOut(rate, lanes, before)
        fc.pre(first.totalPerSecond > 0)
        const held = plannedGrants(first.totalPerSecond, first.byLane, lanes, new Map())
        const states = new Map([...held].map(([lane, ratePerSecond]) => [lane, ratePerSecond]))
        const second = shareOut(rate, lanes, after)
        const grants = plannedGrants(second.totalPerSecond, second.byLane, lanes, states)
        expect(sum(grants.values())).toBeLessThanOrEqual(second.totalPerSecond * 1.01 * ALMOST)
        for (const [lane, ceiling] of Object.entries(lanes)) {
          expect(grants.get(lane) ?? 0).toBeLessThanOrEqual(ceiling * ALMOST)
        }
      }),
    )
  })
})
