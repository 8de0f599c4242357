import { randomUUID } from 'node:crypto'
import type { RuleDefinition } from '../template/deployment.ts'
import type { AccountScope } from '../template/intrinsics.ts'

/** The first firing of a schedule: soon, so that nobody waits a whole period for a stack that has just started. */
const FIRST_FIRING_MS = 1_000

export interface CreatedObject {
  readonly bucket: string
  readonly key: string
  readonly size: number
  readonly etag: string
}

export interface RulesOptions {
  readonly rules: readonly RuleDefinition[]
  readonly scope: AccountScope
  /** Runs a rule's target; a failure is its own to repeat or give up. */
  readonly invoke: (functionName: string, event: unknown) => void
}

/** EventBridge's rules: schedules fire by the clock, patterns when S3 tells of a new object. */
export class Rules {
  readonly #options: RulesOptions
  readonly #timers: NodeJS.Timeout[] = []

  constructor(options: RulesOptions) {
    this.#options = options
    for (const rule of options.rules) {
      if (rule.kind === 'schedule') this.#schedule(rule)
    }
  }

  objectCreated(object: CreatedObject): void {
    for (const rule of this.#options.rules) {
      if (rule.kind !== 'object-created' || !rule.buckets.includes(object.bucket)) continue
      if (!rule.keyPrefixes.some(prefix => object.key.startsWith(prefix))) continue
      this.#fire(rule, 'aws.s3', 'Object Created', this.#objectDetail(object))
    }
  }

  close(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer)
  }

  #schedule(rule: Extract<RuleDefinition, { kind: 'schedule' }>): void {
    const fire = () => this.#fire(rule, 'aws.events', 'Scheduled Event', {})
    this.#timers.push(setTimeout(fire, FIRST_FIRING_MS), setInterval(fire, rule.everyMs))
  }

  #fire(rule: RuleDefinition, source: string, detailType: string, detail: Record<string, unknown>): void {
    const { partition, accountId, region } = this.#options.scope
    const event = {
      version: '0',
      id: randomUUID(),
      'detail-type': detailType,
      source,
      account: accountId,
      time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      region,
      resources: [`arn:${partition}:events:${region}:${accountId}:rule/${rule.name}`],
      detail,
    }
    this.#options.invoke(rule.functionName, rule.input ?? event)
  }

  #objectDetail({ bucket, key, size, etag }: CreatedObject): Record<string, unknown> {
    return {
      version: '0',
      bucket: { name: bucket },
      object: { key, size, etag: etag.replaceAll('"', ''), sequencer: Date.now().toString(16).toUpperCase() },
      'request-id': randomUUID(),
      requester: this.#options.scope.accountId,
      'source-ip-address': '127.0.0.1',
      reason: 'PutObject',
    }
  }
}
