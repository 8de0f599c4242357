import { CommandFailure } from '../cli/command-failure.ts'

/** Asks AWS. What it refuses ends the phase, in its words. */
export async function askAws<T>(service: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(`${service} could not be asked: ${said}`, [
      'Check the credentials (aws sts get-caller-identity), their rights, and the region (--region).',
    ])
  }
}
