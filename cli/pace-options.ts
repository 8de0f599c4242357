import { type Command, InvalidArgumentError } from 'commander'

/** How fast a notice is to go, as the command line and the API have it. What is absent stays as it was. */
export interface PaceOptions {
  readonly share?: number
  readonly urgent?: boolean
  readonly overDays?: boolean
}

/** The options of every command that lets a notice go. */
export function withPace(command: Command): Command {
  return command
    .option('--share <share>', "part of the account's rate and quota that it may use, such as 0.5", parseShare)
    .option('--urgent', 'go before every notice that is not urgent')
    .option('--over-days', 'go on over several days where the 24-hour quota is too small for all')
}

/** Those of a command that lets a notice go again: it has a pace already, which can be taken back too. */
export function withNewPace(command: Command): Command {
  return withPace(command)
    .option('--no-urgent', 'do not go before others any more')
    .option('--no-over-days', 'be refused where the 24-hour quota is too small for all')
}

/** What is said of a refusal by the leak guard by whoever lets a notice go again. */
export interface AfterLeak {
  readonly afterLeak?: string
  readonly rejected?: true
}

export function withAfterLeak(command: Command): Command {
  return command.option(
    '--after-leak <cause>',
    'after a refusal by the leak guard: what the cause was and how it was mended; kept in the history',
  )
}

/** The same alone, of options that may hold more. */
export function afterLeakOf({ afterLeak, rejected }: AfterLeak): AfterLeak {
  return { ...(afterLeak !== undefined && { afterLeak }), ...(rejected && { rejected }) }
}

export function parseShare(text: string): number {
  const share = Number(text)
  if (share > 0 && share <= 1) return share
  throw new InvalidArgumentError('A share is a number above 0 and at most 1.')
}

/** The pace alone, of options that may hold more. */
export function paceOf({ share, urgent, overDays }: PaceOptions): PaceOptions {
  return {
    ...(share !== undefined && { share }),
    ...(urgent !== undefined && { urgent }),
    ...(overDays !== undefined && { overDays }),
  }
}

/** A pace as one would type it. */
export function paceWords({ share, urgent, overDays }: PaceOptions): string {
  const flag = (value: boolean | undefined, name: string) =>
    value === undefined ? [] : [value ? `--${name}` : `--no-${name}`]
  return [
    ...(share === undefined ? [] : [`--share ${share}`]),
    ...flag(urgent, 'urgent'),
    ...flag(overDays, 'over-days'),
  ].join(' ')
}
