import { type GrantedRate, type GrantedRates, withRate } from '../../functions/pacer/granted-rates.ts'

/** The granted rates in memory, under the same contract suite as the table. */
export function memoryGrantedRates(): GrantedRates {
  let rates: readonly GrantedRate[] = []
  return {
    read: async () => rates,
    record: async (ratePerSecond, nowMs) => {
      rates = withRate(rates, ratePerSecond, nowMs)
    },
  }
}
