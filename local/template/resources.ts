import * as z from 'zod'
import type { Intrinsics } from './intrinsics.ts'
import type { ResourceShape } from './resource-shapes.ts'
import type { Template } from './resource-template.ts'
import { TemplateError } from './template-error.ts'

export interface Resource<Properties> {
  readonly id: string
  readonly properties: Properties
}

/** The resources of one type, resolved and parsed. */
export function readResources<Schema extends z.ZodObject>(
  template: Template,
  intrinsics: Intrinsics,
  type: string,
  shape: ResourceShape<Schema>,
): readonly Resource<z.output<Schema>>[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => {
      const given = Object.entries(resource.Properties).filter(([property]) => !shape.without.includes(property))
      const unknown = given.filter(([property]) => !(property in shape.reads.shape)).map(([property]) => property)
      if (unknown.length > 0) {
        throw new TemplateError(
          `${id} (${type}) sets ${unknown.join(', ')}, which the local stack neither runs nor knowingly leaves out. ` +
            'Teach local/template/ what it means.',
        )
      }
      const resolved = given.map(([property, value]) => [property, intrinsics.resolve(value, `${id}.${property}`)])
      const parsed = shape.reads.safeParse(Object.fromEntries(resolved))
      if (!parsed.success) {
        throw new TemplateError(`${id} (${type}) cannot run locally:\n${z.prettifyError(parsed.error)}`)
      }
      return { id, properties: parsed.data }
    })
}

/** The one item that `find` picks, or an error that names what was looked for. */
export function the<Item>(items: readonly Item[], find: (item: Item) => boolean, what: string): Item {
  const found = items.find(find)
  if (found === undefined) throw new TemplateError(`The template does not hold ${what}.`)
  return found
}
