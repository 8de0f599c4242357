import * as z from 'zod'
import { pathOf, type Resource, type Template } from './template.ts'

/** A change that a test makes to a copy of the template, to show that a law would notice. */
export type Spoil = (template: Template) => void

export function spoiledBy(template: Template, ...spoils: readonly Spoil[]): Template {
  const copy = structuredClone(template)
  for (const spoil of spoils) spoil(copy)
  return copy
}

export function find(template: Template, path: string): readonly [string, Resource] {
  const found = Object.entries(template.Resources).find(([, resource]) => pathOf(resource) === path)
  if (found === undefined) throw new TypeError(`The template has no ${path}`)
  return found
}

export const arnOf = (template: Template, path: string) => ({ 'Fn::GetAtt': [find(template, path)[0], 'Arn'] })

const documentSchema = z.looseObject({ Statement: z.array(z.looseObject({})) })

type Statements = z.output<typeof documentSchema>['Statement']
type Change = (statements: Statements, template: Template) => Statements

/** Changes the statements of a policy: of a room by its name, of anything else by its path. */
export const inPolicy =
  (of: string, change: Change, property = 'PolicyDocument'): Spoil =>
  template => {
    const [, resource] = find(template, of.includes('/') ? of : `${of}/FunctionRole/DefaultPolicy`)
    const document = documentSchema.parse(resource.Properties[property])
    resource.Properties[property] = { ...document, Statement: change(document.Statement, template) }
  }

/** One more permission, on what lies at a path or is given as text. */
export const allowing = (of: string, Action: string, at: string | ((template: Template) => unknown)): Spoil =>
  inPolicy(of, (statements, template) => [
    ...statements,
    { Effect: 'Allow', Action, Resource: typeof at === 'string' ? at : at(template) },
  ])

/** Without the statements of an effect that speak of something. */
export const without = (of: string, effect: 'Allow' | 'Deny', about: string): Spoil =>
  inPolicy(of, statements =>
    statements.filter(statement => statement['Effect'] !== effect || !JSON.stringify(statement).includes(about)),
  )

/** One more role, as a construct of tomorrow may bring. */
export const withRole =
  (properties: Readonly<Record<string, unknown>>): Spoil =>
  template => {
    template.Resources['TomorrowRole'] = {
      Type: 'AWS::IAM::Role',
      Properties: properties,
      Metadata: { 'aws:cdk:path': 'OnlyTo/Tomorrow/FunctionRole/Resource' },
    }
  }
