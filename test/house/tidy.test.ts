import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** Longer than this, a file is more than one thing. */
const LONGEST_FILE_LINES = 220

const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\0')
  .filter(path => /\.(ts|md|json|yaml)$|^\.ci\/run$/.test(path) && path !== 'package-lock.json')
const files = tracked.map(path => ({ path, text: readFileSync(path, 'utf8') }))
const sources = files.filter(({ path }) => path.endsWith('.ts'))

interface Habit {
  readonly pattern: RegExp
  readonly where: (path: string) => boolean
  /** A text that the habit forbids, which shows that the pattern can find it. */
  readonly example: string
}

const inFunctions = (path: string) => path.startsWith('functions/')
const notHere = (path: string) => !path.startsWith('test/house/')

/** What is not done, and where. */
const forbidden: Readonly<Record<string, Habit>> = {
  'the clock is read outside runtime/': {
    pattern: /\bDate\.now\(|\bnew Date\(\)|performance\.now\(/,
    where: path => inFunctions(path) && !path.startsWith('functions/runtime/'),
    example: 'Date.now()',
  },
  'chance is taken outside runtime/': {
    pattern: /\bMath\.random\(|\brandomBytes\(|\brandomUUID\(/,
    where: path => inFunctions(path) && !path.startsWith('functions/runtime/'),
    example: 'Math.random()',
  },
  'the environment is read outside runtime/': {
    pattern: /\bprocess\.env\b/,
    where: path => inFunctions(path) && !path.startsWith('functions/runtime/environment.ts'),
    example: 'process.env.X',
  },
  'a type is silenced': {
    pattern: /\bas any\b|: any(?=\s*[,;)=\]|>[]|$)|as unknown as|@ts-(ignore|nocheck)/m,
    where: path => path.endsWith('.ts') && notHere(path),
    example: 'x as any',
  },
  'an error is expected of the compiler, other than by a test that wants it': {
    pattern: /@ts-expect-error/,
    where: path => !path.startsWith('test/'),
    example: '@ts-expect-error',
  },
  'a module is mocked or a test skipped': {
    pattern: /\bvi\.(mock|doMock)\(|\b(it|test|describe)\.(skip|only|todo)\b/,
    where: path => path.startsWith('test/') && notHere(path),
    example: "vi.mock('x')",
  },
  'work is left undone': { pattern: /\bTODO\b|\bFIXME\b|\bXXX\b/, where: notHere, example: 'TODO' },
  'something listens beyond this computer': {
    pattern: /0\.0\.0\.0/,
    where: path => path.endsWith('.ts') && notHere(path) && !path.startsWith('test/'),
    example: '0.0.0.0',
  },
}

describe('The house is tidy', () => {
  it.each(Object.entries(forbidden))('%s: nowhere', (_, { pattern, where }) => {
    expect(files.filter(({ path, text }) => where(path) && pattern.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('each of these would be found', () => {
    for (const { pattern, example } of Object.values(forbidden)) expect(pattern.test(example)).toBe(true)
  })

  it(`no file is longer than ${LONGEST_FILE_LINES} lines`, () => {
    const long = sources.filter(({ text }) => text.split('\n').length > LONGEST_FILE_LINES).map(({ path }) => path)
    expect(long.filter(path => !path.startsWith('test/'))).toEqual([])
  })

  it('no name says nothing', () => {
    expect(tracked.filter(path => /\b(utils?|helpers?|common|misc)\b/.test(path))).toEqual([])
  })

  it('the lock file names no registry', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toContain('"resolved"')
  })
})
