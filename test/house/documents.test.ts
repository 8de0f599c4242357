import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { statesPage } from '../../docs/states.ts'

const read = (path: string) => readFileSync(path, 'utf8')

/** Commands in the README's shell blocks that CI can run: not those that need an AWS account. */
function commandsOf(readme: string): readonly string[] {
  return [...readme.matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block = '']) => block.trim().split('\n'))
    .filter(command => !/cdk deploy|ONLYTO_API|my-notice/.test(command))
}

describe('The documents', () => {
  it('name only paths that exist', () => {
    const named = [
      'README.md',
      'docs/architecture.md',
      'docs/deploy.md',
      'docs/pacing.md',
      'docs/performance.md',
      'docs/proofs.md',
      'docs/runbook.md',
      'docs/states.md',
      'docs/threat-model.md',
    ].flatMap(document => {
      const text = read(document)
      const inCode = [...text.matchAll(/`((?:cdk|functions|local|cli|smoke|bench|test|docs|examples)\/[\w./-]*)`/g)]
      const linked = document === 'README.md' ? [...text.matchAll(/\]\(([\w./-]+)\)/g)] : []
      return [...inCode, ...linked].map(([, path = '']) => path)
    })
    expect(named.length).toBeGreaterThan(30)
    expect(named.filter(path => !existsSync(path))).toEqual([])
  })

  it('show only commands that CI runs', () => {
    const ci = read('.ci/run')
    const commands = commandsOf(read('README.md'))
    expect(commands).toContain('npm ci && npm run demo')
    expect(commands).toContain('npm ci && npm test')
    expect(commands.filter(command => !ci.includes(command))).toEqual([])
  })

  it('draw the states from the data that the code decides by', () => {
    expect(read('docs/states.md')).toBe(statesPage())
  })

  it('name every room of functions/', () => {
    const rooms = [...read('docs/architecture.md').matchAll(/`functions\/([\w-]+)\/`/g)].map(([, room]) => room)
    for (const room of ['api', 'audience', 'dispatcher', 'sender', 'feedback']) expect(rooms).toContain(room)
  })
})
