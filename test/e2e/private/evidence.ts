import type { FormFinder } from './find-forms.ts'

/** Every kind of place that a run writes to. */
export const places = {
  'table write': 'each request to DynamoDB, so that what is overwritten later counts too',
  'table item': 'each item of both tables at the end',
  'queue message': 'each message that OnlyTo puts into a queue',
  'dead letter': 'what lies in the dead-letter queues of its batches at the end',
  'function log': 'what the functions print: their logs, their metrics, and what they die with',
  invocation: 'the events of invocations that OnlyTo makes or is called by, and what functions return',
  'API answer': 'each answer of the API, with its headers: problem details and presigned links are among them',
  'access log': 'the line that API Gateway would write of each request, by the format in the template',
  'stored object': 'names and contents of the objects in the bucket, but for those that are there to hold addresses',
  template: 'everything that is deployed: the texts of the alarms are in it',
  'state file': 'all other files of the local stack',
  terminal: 'what commands show that are not meant to show names',
} as const
export type Place = keyof typeof places

export interface Writing {
  readonly place: Place
  /** Which of the place's texts it is. */
  readonly where: string
  readonly text: string
}

/** Everything that was written in a run. */
export class Evidence {
  readonly writings: Writing[] = []

  add(place: Place, where: string, text: string): void {
    this.writings.push({ place, where, text })
  }

  of(...wanted: readonly Place[]): readonly Writing[] {
    return this.writings.filter(({ place }) => wanted.includes(place))
  }
}

/** Each place that names a customer, once for each customer, with the encoding and the text around. */
export function findLeaks(writings: readonly Writing[], finder: FormFinder): readonly string[] {
  const leaks = new Set<string>()
  for (const { place, where, text } of writings) {
    for (const { encoding, customer } of finder.find(`${where}\n${text}`)) {
      leaks.add(`${place} (${where}): ${encoding}, of ${customer.address}`)
    }
  }
  return [...leaks]
}
