import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { statements } from './statements.ts'
import { goodInputs, ofType, pathOf, synthesise, target } from './template.ts'

const lanes = '{"163.com":5,"yahoo.*":50}'
const sourceSchema = z.looseObject({
  EventSourceArn: z.unknown(),
  FunctionName: z.unknown(),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }),
})

function lookAt(inputs: Readonly<Record<string, unknown>>) {
  const template = synthesise({ ...goodInputs, ...inputs })
  const pathTo = (value: unknown) => {
    const resource = template.Resources[target(value) ?? '']
    return resource === undefined ? undefined : pathOf(resource)
  }
  const sources = ofType(template, 'AWS::Lambda::EventSourceMapping', sourceSchema)
    .filter(({ properties }) => pathTo(properties.FunctionName) === 'Sender/Function')
    .map(({ properties }) => [pathTo(properties.EventSourceArn), properties.ScalingConfig.MaximumConcurrency])
  const mayQueue = statements(template)
    .filter(({ statement }) => statement.Action.includes('sqs:SendMessage'))
    .flatMap(({ from, statement }) => statement.Resource.map(on => `${pathOf(from).split('/')[0]} on ${pathTo(on)}`))
    .filter(right => right.includes('Sender/'))
  return { sources: Object.fromEntries(sources), mayQueue: mayQueue.sort() }
}

describe('Lanes', () => {
  it('have a queue of their own, and a sender for each and one more: none of them waits in the way of the rest', () => {
    const { sources, mayQueue } = lookAt({ lanes })
    expect(sources).toEqual({ 'Sender/Batches/Queue': 7, 'Sender/LaneBatches/Queue': 3 })
    expect(mayQueue).toEqual([
      'Dispatcher on Sender/Batches/Queue',
      'Dispatcher on Sender/LaneBatches/Queue',
      'Sender on Sender/Batches/Queue',
      'Sender on Sender/LaneBatches/Queue',
    ])
  })

  it('cost no queue where there are none', () => {
    expect(lookAt({}).sources).toEqual({ 'Sender/Batches/Queue': 7 })
  })
})
