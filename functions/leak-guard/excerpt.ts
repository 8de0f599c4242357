/** On either side of a finding. */
const AROUND = 40

/**
 * What stands around a finding, with one `*` for every run of letters and digits of any script, whatever its length: enough
 * to see in what kind of place it stood, and nothing that could be tested against a list of addresses.
 */
export function maskedExcerpt(text: string, position: number): string {
  const around = text.slice(Math.max(0, position - AROUND), position + AROUND)
  return around.replace(/[^\s!-/:-@[-`{-~]+/g, '*').replace(/\s+/g, ' ')
}
