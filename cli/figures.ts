/** Figures as people read them. */
export const count = (value: number) => value.toLocaleString('en')

export function perSecond(rate: number): string {
  return `${rate.toLocaleString('en', { maximumFractionDigits: rate < 100 ? 1 : 0 })}/s`
}

export const percent = (share: number) => `${(share * 100).toFixed(1)} %`

/** A share that somebody chose, as it was chosen: 50 %, 12.5 %. */
export const chosenPercent = (share: number) => `${(share * 100).toLocaleString('en', { maximumFractionDigits: 2 })} %`

/** Of a thing that takes about that long: with a digit after the point where it says something. */
export const milliseconds = (ms: number) => `${ms.toFixed(ms < 100 ? 1 : 0)} ms`

export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** 1 recipient, 2 recipients. */
export function counted(value: number, noun: string, nouns = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : nouns}`
}

export const instant = (iso: string) => iso.replace('T', ' ').replace('Z', ' UTC')

/** As a bill has it; too little for a cent is not nothing. */
export function dollars(usd: number): string {
  if (usd > 0 && usd < 0.005) return 'under $0.01'
  return `$${usd.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
}
