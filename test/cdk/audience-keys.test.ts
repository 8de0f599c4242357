import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { statements } from './statements.ts'
import { goodInputs, ofType, pathOf, readable, synthesise, target } from './template.ts'

const keySchema = z.looseObject({ KeySpec: z.string(), KeyUsage: z.string(), PendingWindowInDays: z.number() })
const functionSchema = z.looseObject({ Environment: z.looseObject({ Variables: z.record(z.string(), z.unknown()) }) })

function lookAt(keyGeneration?: string) {
  const template = synthesise({ ...goodInputs, ...(keyGeneration !== undefined && { keyGeneration }) })
  const keys = ofType(template, 'AWS::KMS::Key', keySchema)
  const audience = ofType(template, 'AWS::Lambda::Function', functionSchema).find(
    ({ path }) => path === 'Audience/Function',
  )
  const current = template.Resources[target(audience?.properties.Environment.Variables['AUDIENCE_KEY_ID']) ?? '']
  const granted = statements(template).filter(({ statement }) =>
    statement.Action.some(action => action.startsWith('kms:')),
  )
  return {
    keys,
    ids: keys.map(({ logicalId }) => logicalId),
    current: current && pathOf(current),
    granted: granted.map(({ from, statement }) => ({
      to: pathOf(from).split('/')[0],
      actions: statement.Action,
      on: statement.Resource.map(resource => readable(template, resource)),
      under: statement.Condition,
    })),
  }
}

describe("The stack's own key", () => {
  it('is an HMAC key that outlives the stack, and takes a month to delete', () => {
    const { keys } = lookAt()
    expect(keys.map(({ path }) => path)).toEqual(['AudienceKeys/Generation1'])
    for (const { properties, resource } of keys) {
      expect(properties).toMatchObject({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
      expect([properties.PendingWindowInDays, resource.DeletionPolicy]).toEqual([30, 'Retain'])
    }
  })

  it('is rotated by a further one: new audiences get it, and the earlier ones stay as they were', () => {
    const [first, third] = [lookAt(), lookAt('3')]
    expect(first.current).toBe('AudienceKeys/Generation1')
    expect(third.current).toBe('AudienceKeys/Generation3')
    expect(third.keys).toHaveLength(3)
    expect(third.ids).toEqual(expect.arrayContaining(first.ids))
  })

  it('lets the audience room and the sender derive secrets under every generation, and nobody anything else', () => {
    const on = ['AudienceKeys/Generation1', 'AudienceKeys/Generation2']
    const right = { actions: ['kms:GenerateMac'], on, under: { StringEquals: { 'kms:MacAlgorithm': 'HMAC_SHA_256' } } }
    expect(lookAt('2').granted).toEqual([
      { to: 'Audience', ...right },
      { to: 'Sender', ...right },
    ])
  })
})
