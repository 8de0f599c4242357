import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { rolesOf } from './roles.ts'
import { synthesise } from './template.ts'

/** ARNs as the document has them: what only a deployment knows stands in capitals. */
const asWritten = (text: string) =>
  text
    .replaceAll('arn:partition:ses:region:accountid:', 'arn:aws:ses:REGION:ACCOUNT:')
    .replaceAll('Feedback/ConfigurationSet', 'CONFIGURATION_SET')

it('the document gives the very statements about SES that the sender has', () => {
  const document = readFileSync(join(import.meta.dirname, '../../docs/leak-guard.md'), 'utf8')
  const [, section = ''] = document.split('\n## Least privilege\n')
  const [, block = '[]'] = /```json\n(.*?)```/s.exec(section) ?? []
  const sender = rolesOf(synthesise()).find(({ path }) => path === 'Sender/FunctionRole')
  const about = sender?.statements.filter(({ Action = [] }) => Action.some(action => action.startsWith('ses:')))
  const stated: unknown = JSON.parse(asWritten(JSON.stringify(about)))
  expect(JSON.parse(block)).toEqual(stated)
})
