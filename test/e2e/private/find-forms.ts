import { type AddressForm, FORM_LENGTH_MIN, formsOf } from './address-forms.ts'
import type { Customer } from './customers.ts'
import { readings } from './readings.ts'

/** Length of the beginnings by which forms are found: shorter than the shortest form. */
const GRAM = 8
const BASE = 0x01000193
const BITS = 22

/**
 * Finds the forms of all customers in one pass over a text, however many there are: a hash rolls over the text, and only where
 * it is that of some form's beginning are forms compared.
 */
export class FormFinder {
  readonly #anyCase = new FormIndex()
  readonly #exact = new FormIndex()

  constructor(customers: Iterable<Customer>) {
    for (const customer of customers) {
      for (const form of formsOf(customer)) (form.anyCase ? this.#anyCase : this.#exact).add(form)
    }
  }

  find(text: string): ReadonlySet<AddressForm> {
    const found = new Set<AddressForm>()
    for (const reading of readings(text)) {
      this.#exact.find(reading, found)
      this.#anyCase.find(reading.toLowerCase(), found)
    }
    return found
  }
}

class FormIndex {
  readonly #maybe = new Uint8Array(2 ** BITS)
  readonly #byBeginning = new Map<number, AddressForm[]>()

  add(form: AddressForm): void {
    if (form.text.length < FORM_LENGTH_MIN) throw new RangeError(`A form that short is found by chance: ${form.text}`)
    let hash = 0
    for (let place = 0; place < GRAM; place += 1) hash = roll(hash, form.text.charCodeAt(place), 0)
    this.#maybe[hash >>> (32 - BITS)] = 1
    const others = this.#byBeginning.get(hash) ?? []
    if (others.some(({ text }) => text === form.text)) return
    this.#byBeginning.set(hash, [...others, form])
  }

  find(text: string, found: Set<AddressForm>): void {
    let hash = 0
    for (let end = 0; end < text.length; end += 1) {
      hash = roll(hash, text.charCodeAt(end), end < GRAM ? 0 : text.charCodeAt(end - GRAM))
      if (this.#maybe[hash >>> (32 - BITS)] === 0) continue
      for (const form of this.#byBeginning.get(hash) ?? []) {
        if (text.startsWith(form.text, end - GRAM + 1)) found.add(form)
      }
    }
  }
}

/** BASE to the power of GRAM, as what is GRAM characters back has been multiplied by then. */
const BASE_LEAVING = Array.from({ length: GRAM }).reduce<number>(power => Math.imul(power, BASE), 1)

function roll(hash: number, entering: number, leaving: number): number {
  return (Math.imul(hash, BASE) + entering - Math.imul(leaving, BASE_LEAVING)) >>> 0
}
