import { rolesOf } from './roles.ts'
import type { Template } from './template.ts'

/** A wildcard that a permission may have in its resources, for these actions and no other, and why. */
interface Wildcard {
  readonly resource: RegExp
  readonly actions: RegExp
  readonly why: string
}

const written: readonly Wildcard[] = [
  { resource: /^\*$/, actions: /^ses:GetAccount$/, why: 'SES knows no resource for it' },
  {
    resource: /^AudienceBucket\/Bucket\/(uploads|audiences|content)\/\*$/,
    actions: /^s3:(GetObject|PutObject|AbortMultipartUpload)$/,
    why: 'objects are named by notices and digests that come later',
  },
  {
    resource: /^AudienceBucket\/Bucket\/audiences\/\*\/batches$/,
    actions: /^s3:GetObject$/,
    why: 'the same, and only the object without addresses',
  },
  {
    resource: /^arn:partition:ses:region:accountid:identity\/\*$/,
    actions: /^ses:SendEmail$/,
    why: "only in SES's sandbox, where the recipients are identities too",
  },
]

/** Every action by wildcard, every permission for all but something, and every wildcard in resources that is not written above. */
export function faultsInWildcards(template: Template): readonly string[] {
  return rolesOf(template).flatMap(({ path, statements }) =>
    statements
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action = [], Resource = [], NotAction, NotResource }) => [
        ...(NotAction === undefined && NotResource === undefined ? [] : [`${path} is allowed all but something`]),
        ...Action.filter(action => /[*?]/.test(action)).map(action => `${path} is allowed ${action}`),
        ...Resource.filter(resource => /[*?]/.test(resource) && !isWritten(resource, Action)).map(
          resource => `${path} is allowed ${Action.join(' ')} on ${resource}`,
        ),
      ]),
  )
}

const isWritten = (resource: string, actions: readonly string[]) =>
  written.some(wildcard => wildcard.resource.test(resource) && actions.every(action => wildcard.actions.test(action)))

/** What is written above and no template uses. */
export function idleWildcards(templates: readonly Template[]): readonly string[] {
  const used = templates
    .flatMap(rolesOf)
    .flatMap(({ statements }) => statements.flatMap(({ Resource = [] }) => Resource))
  return written
    .filter(({ resource }) => !used.some(text => resource.test(text)))
    .map(({ resource }) => String(resource))
}
