import * as z from 'zod'

/** Every type of event SES can publish; the simulator makes those of `simulatedEventTypes`. */
const sesEventTypes = [
  'send',
  'delivery',
  'bounce',
  'complaint',
  'reject',
  'deliverydelay',
  'renderingfailure',
  'open',
  'click',
  'subscription',
] as const

/** `DELIVERY_DELAY` (API), `deliveryDelay` (CloudFormation) and `DeliveryDelay` (events) are one type. */
const eventTypeSchema = z
  .string()
  .transform(written => written.replaceAll(/[_ ]/g, '').toLowerCase())
  .pipe(z.enum(sesEventTypes, { error: 'is not a type of event that SES publishes' }))

const eventQueueSchema = z.strictObject({
  configurationSet: z.string().min(1),
  queueUrl: z.url(),
  /** Absent: every type. */
  eventTypes: z.array(eventTypeSchema).optional(),
  /** SNS raw message delivery: false wraps the event in SNS's notification envelope. */
  raw: z.boolean().default(false),
})
export type EventQueue = z.infer<typeof eventQueueSchema>

const durationMs = z.number().nonnegative().max(900_000)

export const sesSimulatorOptionsSchema = z
  .strictObject({
    /** 0: any free port of 127.0.0.1. */
    port: z.number().int().min(0).max(65_535).default(0),
    /** Recipients a second. */
    maxSendRate: z.number().positive().default(200),
    /** Recipients in any 24 hours; -1 is unlimited. */
    max24HourSend: z.union([z.literal(-1), z.number().nonnegative()]).default(1_000_000),
    sentLast24Hours: z.number().int().nonnegative().default(0),
    bucketDepthSeconds: z.number().nonnegative().default(0.1),
    latencyMedianMs: durationMs.default(80),
    latencyP99Ms: durationMs.default(400),
    seed: z.number().int().default(1),
    /** Verified addresses and domains; none: every sender is verified. */
    identities: z.array(z.string().min(1)).default([]),
    /** Existing configuration sets; none: every name exists. */
    configurationSets: z.array(z.string().min(1)).default([]),
    /** The account's suppression list. */
    suppressed: z.array(z.string().min(1)).default([]),
    /** The account may not send. */
    paused: z.boolean().default(false),
    /** Recipients must be verified, too. */
    sandbox: z.boolean().default(false),
    sendEventDelayMs: durationMs.default(50),
    deliveryEventDelayMs: durationMs.default(1_000),
    eventQueues: z.array(eventQueueSchema).default([]),
    /** Absent: the host of each queue URL, which must then be this computer. */
    sqsEndpoint: z.url().optional(),
    region: z.string().min(1).default('us-east-1'),
    /** Where kept messages lie, in a new folder of their own; absent: in a temporary folder that close() removes. */
    spoolDirectory: z.string().min(1).optional(),
    /** An SMTP server that gets every accepted message once. */
    relay: z.strictObject({ host: z.string().min(1), port: z.number().int().min(1).max(65_535) }).optional(),
  })
  .superRefine((options, context) => {
    if (options.latencyP99Ms < options.latencyMedianMs) {
      context.addIssue({ code: 'custom', path: ['latencyP99Ms'], message: 'must not be less than latencyMedianMs' })
    }
    for (const [index, { queueUrl }] of options.eventQueues.entries()) {
      if (options.sqsEndpoint === undefined && !isThisComputer(queueUrl)) {
        const message = 'is on another computer: give a 127.0.0.1 URL, or the service to call as sqsEndpoint'
        context.addIssue({ code: 'custom', path: ['eventQueues', index, 'queueUrl'], message })
      }
    }
  })

/** As given; absent options have defaults. */
export type SesSimulatorOptions = z.input<typeof sesSimulatorOptionsSchema>
export type SesSimulatorSettings = z.output<typeof sesSimulatorOptionsSchema>

/** What a running simulator cannot change. */
const fixedOptions: readonly string[] = ['port', 'seed', 'region', 'spoolDirectory', 'relay']

export type OptionsResult =
  | { kind: 'options'; settings: SesSimulatorSettings }
  | { kind: 'refused'; faults: readonly string[] }

export function parseOptions(options: unknown): OptionsResult {
  const parsed = sesSimulatorOptionsSchema.safeParse(options)
  if (parsed.success) return { kind: 'options', settings: parsed.data }
  return { kind: 'refused', faults: parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`) }
}

/** The settings with some of them replaced; what is not named stays. */
export function changeOptions(settings: SesSimulatorSettings, changes: unknown): OptionsResult {
  const named = z.record(z.string(), z.unknown()).safeParse(changes)
  if (!named.success) return { kind: 'refused', faults: ['the body must be a JSON object of options'] }
  const fixed = Object.keys(named.data).filter(name => fixedOptions.includes(name))
  if (fixed.length > 0) {
    return { kind: 'refused', faults: fixed.map(name => `${name}: cannot be changed while running`) }
  }
  return parseOptions({ ...settings, ...named.data })
}

function isThisComputer(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)
}
