import { readFileSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import { describe, expect, it } from 'vitest'
import { InputFaults, readInputs } from '../../cdk/inputs.ts'
import { goodInputs, synthesise } from './template.ts'

const document = readFileSync('docs/deploy.md', 'utf8')
const threats = readFileSync('docs/threat-model.md', 'utf8')

/** What stands in code in the first column of the table under a heading. */
function firstColumn(heading: string): readonly string[] {
  const section = document.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return section
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .flatMap(line => [...(line.split('|')[1] ?? '').matchAll(/`(\w+)…?`/g)].map(([, name = '']) => name))
}

function inputNames(): readonly string[] {
  try {
    readInputs(new App({ context: { ...goodInputs, speed: 1 } }))
    return []
  } catch (error) {
    if (!(error instanceof InputFaults)) throw error
    return error.faults.flatMap(fault => fault.split('The inputs are ')[1]?.split(', ') ?? [])
  }
}

describe('docs/deploy.md', () => {
  it('says of every input what becomes of a living stack when it is changed', () => {
    expect([...firstColumn('Change an input')].sort()).toEqual([...inputNames()].sort())
    expect(inputNames().length).toBeGreaterThan(12)
  })

  it('names every output', () => {
    const zone = { hostedZoneId: 'Z1', hostedZoneName: 'example.com' }
    const outputs = Object.keys(synthesise({ ...goodInputs, ...zone }).Outputs)
    const named = firstColumn('Deploy')
    expect(outputs.filter(output => !named.some(name => output.startsWith(name)))).toEqual([])
    expect(named.filter(name => !outputs.some(output => output.startsWith(name)))).toEqual([])
  })

  it('deploys with inputs that are taken', () => {
    const commands = [...document.matchAll(/^npx cdk deploy (-c .*)$/gm)].map(([, options = '']) => options)
    expect(commands.length).toBeGreaterThan(2)
    for (const options of commands) {
      const given = [...options.matchAll(/-c (\w+)=(\S+)/g)].map(([, name, value]) => [name, value])
      expect(() => readInputs(new App({ context: Object.fromEntries(given) }))).not.toThrow()
    }
  })
})

it('the threat model is one page, and names each room', () => {
  expect(threats.split('\n').length).toBeLessThan(100)
  for (const room of ['api', 'audience', 'dispatcher', 'sender', 'feedback'])
    expect(threats).toContain(`| \`${room}\` |`)
})
