import { App } from 'aws-cdk-lib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputFaults, readInputs } from '../../cdk/inputs.ts'
import { goodInputs } from './template.ts'

const read = (context: Readonly<Record<string, unknown>>) => readInputs(new App({ context }))

function faultsOf(context: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    read(context)
    return []
  } catch (error) {
    if (error instanceof InputFaults) return error.faults
    throw error
  }
}

it('only sender and alarm address have to be given', () => {
  expect(read(goodInputs)).toEqual({
    ...goodInputs,
    share: 0.9,
    retentionDays: 400,
    audienceRetentionDays: 30,
    settleDelaySeconds: 60,
    lanes: {},
    rate: 1_000,
    keyGeneration: 1,
    stackName: 'OnlyTo',
    runbookUrl: 'docs/runbook.md',
    sandbox: false,
    senderConcurrency: 7,
  })
})

const goodZone = { hostedZoneId: 'Z0123456789ABCDEFGHIJ', hostedZoneName: 'example.com' }
const hostedZone = { id: 'Z0123456789ABCDEFGHIJ', name: 'example.com' }

describe('with a hosted zone', () => {
  it('notices may come from any address of its domain, unless one is given', () => {
    const { alarmEmail } = goodInputs
    expect(read({ alarmEmail, ...goodZone })).toMatchObject({ sender: 'example.com', hostedZone })
    expect(read({ ...goodInputs, ...goodZone })).toMatchObject({ sender: 'notices@example.com', hostedZone })
    expect(read(goodInputs)).not.toHaveProperty('hostedZone')
  })

  it('it may be given as Route 53 prints it', () => {
    const { alarmEmail } = goodInputs
    const printed = { hostedZoneId: `/hostedzone/${hostedZone.id}`, hostedZoneName: 'example.com.' }
    expect(read({ alarmEmail, ...printed })).toMatchObject({ sender: 'example.com', hostedZone })
  })

  it.each([
    ['hostedZoneId', 'hostedZoneName'],
    ['hostedZoneName', 'hostedZoneId'],
  ] as const)('%s alone is half of it: %s is missing', (name, other) => {
    expect(faultsOf({ ...goodInputs, [name]: goodZone[name] })).toEqual([
      expect.stringMatching(`^${other} is missing. It is the .* -c ${other}=`),
    ])
  })

  it.each(['example.org', 'notices@example.org', 'notices@mail.example.com'])('%s is no sender of it', sender => {
    expect(faultsOf({ ...goodInputs, ...goodZone, sender })).toEqual([
      expect.stringMatching(`^sender cannot be "${sender}", as .* -c sender=notices@example.com$`),
    ])
  })

  it('half of it and other faults come at once', () => {
    const faults = faultsOf({ hostedZoneId: goodZone.hostedZoneId, share: '2' })
    expect(faults.map(fault => fault.split(' ')[0])).toEqual(['hostedZoneName', 'alarmEmail', 'share'])
  })
})

it('lanes may come as text, or as an object in cdk.json', () => {
  const lanes = { '163.com': 5, 'yahoo.*': 50 }
  expect(read({ ...goodInputs, lanes }).lanes).toEqual(lanes)
  expect(read({ ...goodInputs, lanes: JSON.stringify(lanes) }).lanes).toEqual(lanes)
})

describe('as many senders run', () => {
  it.each([
    [{ rate: '14' }, 2],
    [{ rate: '500' }, 4],
    [{ rate: '1000', lanes: '{"163.com":5,"yahoo.*":50}' }, 7],
    [{ rate: '5000' }, 31],
    [{ rate: '5000', senderConcurrency: '12' }, 12],
  ])('as %o needs: %i', (given, senders) => {
    expect(read({ ...goodInputs, ...given }).senderConcurrency).toBe(senders)
  })

  it('as the rate needs, whatever the lanes, and the queue can take as many', () => {
    const given = fc.record({
      rate: fc.integer({ min: 1, max: 100_000 }),
      more: fc.integer({ min: 0, max: 50_000 }),
      lanes: fc.integer({ min: 0, max: 20 }),
    })
    fc.assert(
      fc.property(given, ({ rate, more, lanes }) => {
        const inputs = {
          ...goodInputs,
          lanes: Object.fromEntries(Array.from({ length: lanes }, (_, n) => [`p${n}.example`, 5])),
        }
        const { senderConcurrency } = read({ ...inputs, rate: String(rate) })
        const faster = read({ ...inputs, rate: String(Math.min(100_000, rate + more)) })
        expect(faster.senderConcurrency).toBeGreaterThanOrEqual(senderConcurrency)
        expect(senderConcurrency).toBe(read({ ...goodInputs, rate }).senderConcurrency)
        expect(faster.senderConcurrency).toBeLessThanOrEqual(1_000)
      }),
      { numRuns: 30 },
    )
  })
})

it('numbers may come as text, as the command line gives them', () => {
  expect(read({ ...goodInputs, share: '0.5', senderConcurrency: '40', region: 'ap-southeast-2' })).toMatchObject({
    share: 0.5,
    senderConcurrency: 40,
    region: 'ap-southeast-2',
  })
})

it('true and false may come as text, and nothing else is either', () => {
  const sandboxOf = (sandbox: unknown) => read({ ...goodInputs, sandbox }).sandbox
  expect([true, 'true', false, 'false'].map(sandboxOf)).toEqual([true, true, false, false])
  expect(['1', 'yes', 'on', '', 1].flatMap(sandbox => faultsOf({ ...goodInputs, sandbox }))).toHaveLength(5)
})

describe('a fault names the input, what was given, and what to pass', () => {
  it.each([
    ['sender', undefined, 'sender is missing', '-c sender=notices@example.com'],
    ['sender', 'notices@', 'sender cannot be "notices@"', '-c sender=notices@example.com'],
    ['sender', 'localhost', 'sender cannot be "localhost"', '-c sender=notices@example.com'],
    ['sender', 'a@example.com, b@example.com', 'sender cannot be "a@example.com, b@example.com"', '-c sender='],
    ['hostedZoneId', 'example.com', 'hostedZoneId cannot be "example.com"', '-c hostedZoneId=Z0'],
    ['hostedZoneName', 'example', 'hostedZoneName cannot be "example"', '-c hostedZoneName=example.com'],
    ['stackName', 'only to', 'stackName cannot be "only to"', '-c stackName=OnlyTo'],
    ['alarmEmail', undefined, 'alarmEmail is missing', '-c alarmEmail=ops@example.com'],
    ['alarmEmail', 'example.com', 'alarmEmail cannot be "example.com"', '-c alarmEmail=ops@example.com'],
    ['share', '0', 'share cannot be "0"', 'above 0 and at most 1'],
    ['share', '1.01', 'share cannot be "1.01"', 'above 0 and at most 1'],
    ['share', '90%', 'share cannot be "90%"', '-c share=0.9'],
    ['share', '', 'share cannot be ""', '-c share=0.9'],
    ['retentionDays', '0', 'retentionDays cannot be "0"', '1 or more'],
    ['audienceRetentionDays', '1.5', 'audienceRetentionDays cannot be "1.5"', 'whole days'],
    ['region', 'Frankfurt', 'region cannot be "Frankfurt"', '-c region=eu-central-1'],
    ['settleDelaySeconds', '901', 'settleDelaySeconds cannot be "901"', '1 to 900'],
    ['keyGeneration', '0', 'keyGeneration cannot be "0"', '1 to 50'],
    ['keyGeneration', '1.5', 'keyGeneration cannot be "1.5"', '-c keyGeneration=2'],
    ['rate', '0', 'rate cannot be "0"', 'above 0 and at most 100000'],
    ['rate', '100001', 'rate cannot be "100001"', '-c rate=1000'],
    [
      'lanes',
      '163.com=5',
      'lanes cannot be "163.com=5", as it is not JSON such as {"163.com":5,"yahoo.*":50}',
      `-c lanes='{"163.com":5`,
    ],
    [
      'lanes',
      '[5]',
      'lanes cannot be "[5]", as it is not an object such as {"163.com":5,"yahoo.*":50}',
      `-c lanes='{"163.com":5`,
    ],
    [
      'lanes',
      { 'yahoo.*': 0 },
      'lanes cannot be {"yahoo.*":0}, as the ceiling of "yahoo.*" is a number of recipients a second from 0.01 to 100000',
      '-c lanes=',
    ],
    [
      'lanes',
      '{"@qq.com":5}',
      `lanes cannot be '{"@qq.com":5}', as "@qq.com" names no lane: it is a domain, without the part before the @`,
      '-c lanes=',
    ],
    ['sandbox', 'maybe', 'sandbox cannot be "maybe"', '-c sandbox=true'],
    ['senderConcurrency', '1', 'senderConcurrency cannot be "1"', '2 to 1000'],
    ['senderConcurrency', '1001', 'senderConcurrency cannot be "1001"', '2 to 1000'],
  ])('%s %s', (name, given, problem, remedy) => {
    const zone = name.startsWith('hostedZone') ? goodZone : {}
    const [fault, ...others] = faultsOf({ ...goodInputs, ...zone, [name]: given })
    expect(others).toEqual([])
    expect(fault).toContain(`${problem}. It is `)
    expect(fault).toContain(remedy)
  })
})

it('all faults come at once', () => {
  const faults = faultsOf({ share: '2', senderConcurrency: 'many', alarm_email: 'ops@example.com' })
  expect(faults.map(fault => fault.split(' ')[0])).toEqual([
    'sender',
    'alarmEmail',
    'share',
    'senderConcurrency',
    'alarm_email',
  ])
})

describe('an input that is misspelt is refused', () => {
  it.each(['alarm-email', 'alarmemail', 'ALARM_EMAIL'])('%s, with the one that was meant', key => {
    expect(faultsOf({ ...goodInputs, [key]: 'x' })).toEqual([
      `${key} is not an input of this stack. Pass it as -c alarmEmail=…`,
    ])
  })

  it('speed, with the list of those that there are', () => {
    const [fault] = faultsOf({ ...goodInputs, speed: '14' })
    expect(fault).toMatch(
      /^speed is not an input of this stack\. The inputs are sender, hostedZoneId, hostedZoneName, alarmEmail, share, /,
    )
  })
})

it("the CDK's own context is left alone", () => {
  const own = {
    '@aws-cdk/core:checkSecretUsage': true,
    'aws:cdk:bundling-stacks': ['**'],
    'availability-zones:account=111122223333:region=eu-central-1': [],
    'acknowledged-issue-numbers': [1],
    'cli-telemetry': false,
  }
  expect(faultsOf({ ...goodInputs, ...own })).toEqual([])
})

it('every share, and only a share, is taken', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), share => {
      expect(faultsOf({ ...goodInputs, share: String(share) }).length).toBe(share > 0 && share <= 1 ? 0 : 1)
    }),
  )
})
