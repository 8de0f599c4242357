import * as z from 'zod'
import type { Uniform } from './limits/seeded-random.ts'

const eventTypes = z.array(z.enum(['Send', 'Delivery', 'Bounce', 'Complaint', 'Reject', 'DeliveryDelay'])).optional()

/** `next`: as many of the next ones. `probability`: each one. Both: each one, until so many were hit. */
const occurrence = {
  next: z.number().int().positive().optional(),
  probability: z.number().min(0).max(1).optional(),
}

export const faultSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('throttle'), ...occurrence }),
    z.strictObject({ kind: z.literal('paused'), ...occurrence }),
    z.strictObject({ kind: z.literal('server-error'), accepted: z.boolean().default(false), ...occurrence }),
    /** The message is accepted; the answer never comes, or the connection breaks instead. */
    z.strictObject({
      kind: z.literal('accept-then-time-out'),
      connection: z.enum(['silent', 'destroyed']).default('silent'),
      ...occurrence,
    }),
    /** What becomes of an accepted message, whoever it is to. */
    z.strictObject({ kind: z.literal('bounce'), ...occurrence }),
    z.strictObject({ kind: z.literal('complaint'), ...occurrence }),
    z.strictObject({ kind: z.literal('reject'), ...occurrence }),
    z.strictObject({ kind: z.literal('delivery-delay'), ...occurrence }),
    z.strictObject({ kind: z.literal('lose-event'), eventTypes, ...occurrence }),
    z.strictObject({ kind: z.literal('duplicate-event'), eventTypes, ...occurrence }),
    z.strictObject({ kind: z.literal('late-event'), lateMs: z.number().positive(), eventTypes, ...occurrence }),
  ])
  .refine(fault => fault.next !== undefined || fault.probability !== undefined, {
    message: 'give next (how many) or probability (0 to 1)',
  })

export type Fault = z.output<typeof faultSchema>
export type FaultKind = Fault['kind']
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>

/** The faults asked for, in the order they were; the first that fits and is drawn happens. */
export class Faults {
  readonly #uniform: Uniform
  #faults: Fault[] = []

  constructor(uniform: Uniform) {
    this.#uniform = uniform
  }

  list(): readonly Fault[] {
    return this.#faults
  }

  add(fault: Fault): void {
    this.#faults.push({ ...fault })
  }

  clear(): void {
    this.#faults = []
  }

  /** The fault that befalls this request, message or event, if one does. */
  draw<Kind extends FaultKind>(
    kinds: readonly Kind[],
    fits: (fault: FaultOf<Kind>) => boolean = () => true,
  ): FaultOf<Kind> | undefined {
    if (this.#faults.length === 0) return undefined
    for (const fault of this.#faults) {
      if (!isOf(fault, kinds) || !fits(fault)) continue
      if (fault.probability !== undefined && this.#uniform() >= fault.probability) continue
      this.#spend(fault)
      return fault
    }
    return undefined
  }

  #spend(fault: Fault): void {
    if (fault.next === undefined) return
    fault.next -= 1
    if (fault.next === 0) this.#faults = this.#faults.filter(other => other !== fault)
  }
}

function isOf<Kind extends FaultKind>(fault: Fault, kinds: readonly Kind[]): fault is FaultOf<Kind> {
  return kinds.some(kind => kind === fault.kind)
}
