import { OutsideSimulation } from '../outside-simulation.ts'

const TOKEN = /\s*([#:]?[A-Za-z_][\w]*|<=|>=|<>|[=<>(),.+-])/y

/** The tokens of one expression, read from left to right. */
export class Tokens {
  readonly #text: string
  readonly #tokens: readonly string[]
  readonly placeholders = new Set<string>()
  #next = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokensOf(text)
  }

  get ended(): boolean {
    return this.#next >= this.#tokens.length
  }

  peek(ahead = 0): string {
    return this.#tokens[this.#next + ahead] ?? ''
  }

  take(): string {
    const token = this.peek()
    this.#next += 1
    if (/^[#:]/.test(token)) this.placeholders.add(token)
    return token
  }

  /** Takes the token if it is this one; keywords are in any case. */
  accept(expected: string): boolean {
    if (this.peek().toUpperCase() !== expected.toUpperCase()) return false
    this.#next += 1
    return true
  }

  expect(expected: string): void {
    if (!this.accept(expected)) this.refuse()
  }

  refuse(): never {
    const place = this.ended ? 'its end' : `'${this.peek()}'`
    throw new OutsideSimulation(`the DynamoDB expression "${this.#text}" from ${place} on`)
  }
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  for (let end = 0; text.slice(end).trim() !== ''; end = TOKEN.lastIndex) {
    TOKEN.lastIndex = end
    const token = TOKEN.exec(text)?.[1]
    if (token === undefined) throw new OutsideSimulation(`the DynamoDB expression "${text}" from character ${end} on`)
    tokens.push(token)
  }
  return tokens
}
