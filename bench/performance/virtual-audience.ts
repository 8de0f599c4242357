import type { CaseLane, PerformanceCase } from './cases.ts'

const MAIN_DOMAIN = 'customers.example'

/** An uploaded audience, its lanes spread evenly through the file. */
export function audienceOf({ recipients, lanes }: PerformanceCase): string {
  const due = lanes.map(() => 0)
  const rows = Array.from({ length: recipients }, (_, index) => {
    for (const [number, { domain, part }] of lanes.entries()) {
      due[number] = (due[number] ?? 0) + part
      if ((due[number] ?? 0) < 1) continue
      due[number] = (due[number] ?? 0) - 1
      return `customer-${index}@${domain},Customer ${index}\n`
    }
    return `customer-${index}@${MAIN_DOMAIN},Customer ${index}\n`
  })
  return `email,name\n${rows.join('')}`
}

export function laneOfAddress(lanes: readonly CaseLane[]): (address: string) => string | undefined {
  const patterns = new Map(lanes.map(({ domain, pattern }) => [domain, pattern]))
  return address => patterns.get(address.slice(address.indexOf('@') + 1))
}
