import { alarmCatalogue } from '../../cdk/alarm-catalogue.ts'
import type { AlarmDefinition } from '../../local/template/deployment.ts'
import { Intrinsics } from '../../local/template/intrinsics.ts'
import { readAlarms } from '../../local/template/read-alarms.ts'
import { templateSchema } from '../../local/template/resource-template.ts'
import { goodInputs, synthesise } from '../cdk/template.ts'
import { scope } from '../local/template/fixture.ts'

/** A stack with lanes has every alarm that there is. */
const template = templateSchema.parse(synthesise({ ...goodInputs, lanes: { '163.com': 5 } }))

/** The alarms of the template as CloudWatch has them. */
export const templateAlarms = readAlarms(template, new Intrinsics(template, scope))

/** By its id in the catalogue. The CDK makes a logical id of the path, and ends it with a hash. */
export function alarmOf(id: string): AlarmDefinition {
  const start = `Alarms${id.replaceAll('-', '')}`
  const found = templateAlarms.find(({ name }) => name.slice(0, -8) === start)
  if (found === undefined) throw new Error(`The template has no alarm ${id}`)
  return found
}

export const alarmIds = alarmCatalogue.map(({ id }) => id)
