/** Something in a notice directory that keeps the notice from being sent: what, where, and what to do about it. */
export interface NoticeProblem {
  readonly file: string
  readonly line?: number
  readonly what: string
  readonly remedy: string
}

export function describeProblem({ file, line, what, remedy }: NoticeProblem): string {
  return `${file}${line === undefined ? '' : `:${line}`}  ${what}\n    ${remedy}`
}
