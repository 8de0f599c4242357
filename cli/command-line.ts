/** The API of the local stack, if nothing else is asked for. */
export const LOCAL_API = 'http://127.0.0.1:4680'

/** A command to type next. It names its API, so that it works in any terminal, as a stop in a hurry must. */
export function commandLine(baseUrl: string, words: string): string {
  return `npx onlyto ${words}${baseUrl === LOCAL_API ? '' : ` --api ${baseUrl}`}`
}
