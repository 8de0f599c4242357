import { existsSync, globSync, readFileSync } from 'node:fs'
import * as dynamodb from '@aws-sdk/client-dynamodb'
import * as kms from '@aws-sdk/client-kms'
import * as lambda from '@aws-sdk/client-lambda'
import * as sesv2 from '@aws-sdk/client-sesv2'
import * as sqs from '@aws-sdk/client-sqs'
import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { alarmCatalogue } from '../../cdk/alarm-catalogue.ts'
import { anchorOf } from '../../cdk/alarm-entry.ts'
import { describeProgram } from '../../cli/program.ts'
import { withAlarmTable } from '../../docs/alarms.ts'
import { goodInputs, synthesise } from '../cdk/template.ts'
import { scriptedTerminal } from '../cli/scripted-terminal.ts'

const runbook = readFileSync('docs/runbook.md', 'utf8')
const [stories = '', alarms = ''] = runbook.split(/^# Alarms$/m)

interface Section {
  readonly heading: string
  readonly text: string
}

const sectionsOf = (text: string): readonly Section[] =>
  text
    .split(/^## /m)
    .slice(1)
    .map(section => ({
      heading: section.slice(0, section.indexOf('\n')),
      text: section.slice(section.indexOf('\n')).trim(),
    }))

const parts = ['**First five minutes.**', '**What it means.**', '**Afterwards.**']
const orderOf = ({ text }: Section) => [...text.matchAll(/^\*\*[^*\n]+\.\*\*/gm)].map(([part]) => part)

/** Commands in shell blocks, without comments and with continued lines as one, and those within sentences. */
function commandsOf(markdown: string, start: string): readonly string[] {
  const blocks = [...markdown.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .map(line => line.replace(/(^|\s)#\s.*$/, '').trim()),
  )
  const inline = [...markdown.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) =>
    code.replaceAll(/\s+/g, ' '),
  )
  return [...blocks, ...inline].filter(command => command.startsWith(start))
}

const words = (command: string): readonly string[] =>
  [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  )

/** What the CLI says of a command line that it does not understand; undefined of one that it does. Nothing is run. */
function misunderstanding(command: string): string | undefined {
  const terminal = scriptedTerminal()
  const clock = { now: () => 0, sleep: async () => {} }
  const program = describeProgram({ terminal, clock, environment: {}, pollIntervalMs: 1 }, () => {})
  for (const subcommand of program.commands) subcommand.action(() => {})
  try {
    program.parse([...words(command).slice(2)], { from: 'user' })
    return undefined
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? undefined : `${command}: ${error.message}`
    throw error
  }
}

describe('The runbook', () => {
  it('has a section for each alarm and no other, in the order of the catalogue', () => {
    expect(sectionsOf(alarms).map(({ heading }) => heading)).toEqual(alarmCatalogue.map(({ heading }) => heading))
  })

  it('tells what to do when something else happens', () => {
    expect(sectionsOf(stories).map(({ heading }) => heading)).toEqual([
      'A wrong notice is going out',
      'A leak is suspected',
      'SES paused the account',
      'The quota is used up',
      'The table throttles',
      'Restore from backup',
      'The key rotates',
    ])
  })

  it('begins each section with the first five minutes, then says what it means, then what comes afterwards', () => {
    for (const section of sectionsOf(stories))
      expect([section.heading, orderOf(section)]).toEqual([section.heading, parts])
    for (const section of sectionsOf(alarms)) {
      expect([section.heading, orderOf(section)]).toEqual([section.heading, parts])
      expect(section.text.startsWith('**First five minutes.**')).toBe(true)
      // There is something to type before anything is explained.
      expect(section.text.slice(0, section.text.indexOf('**What it means.**'))).toContain('```sh\n')
    }
  })

  it('shows the alarms as the catalogue has them', () => {
    expect(runbook).toBe(withAlarmTable(runbook))
    for (const { id } of alarmCatalogue) expect(runbook).toContain(`\`Alarms${id.replaceAll('-', '')}\``)
  })

  it('leads nowhere that does not exist', () => {
    const anchors = new Set([...sectionsOf(runbook)].map(({ heading }) => anchorOf(heading)))
    const links = [...runbook.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    expect(links.length).toBeGreaterThan(40)
    const dead = links.filter(link => {
      const [page = '', anchor] = link.split('#')
      return page === '' ? !anchors.has(anchor ?? '') : !existsSync(`docs/${page}`)
    })
    expect(dead).toEqual([])
  })

  it('is linked from the README', () => {
    expect(readFileSync('README.md', 'utf8')).toContain('](docs/runbook.md)')
  })
})

describe('Every command of the documents', () => {
  const documents = ['README.md', ...globSync('docs/*.md')].map(path => readFileSync(path, 'utf8'))

  it('of the CLI is one that the CLI understands', () => {
    const commands = documents.flatMap(text => commandsOf(text, 'npx onlyto '))
    expect(commands.length).toBeGreaterThan(100)
    expect(commands.map(misunderstanding).filter(fault => fault !== undefined)).toEqual([])
  })

  it('that the CLI does not understand would be found', () => {
    for (const wrong of [
      'npx onlyto stopp NOTICE',
      'npx onlyto who NOTICE --fate gone',
      'npx onlyto export NOTICE',
      'npx onlyto stop NOTICE --now',
    ]) {
      expect(misunderstanding(wrong)).toContain(wrong)
    }
  })

  it('of AWS is one that AWS has', () => {
    const clients: Readonly<Record<string, object>> = { dynamodb, kms, lambda, sesv2, sqs }
    // Of the CLI's own, or of services that OnlyTo has no client of.
    const others = [
      'cloudformation list-stack-resources',
      'cloudtrail lookup-events',
      'dynamodb wait',
      'events describe-rule',
      'events disable-rule',
      'events enable-rule',
      'logs tail',
    ]
    const used = [...runbook.matchAll(/\baws ([a-z0-9]+) ([a-z-]+)/g)].map(([, service = '', operation = '']) => ({
      service,
      operation,
    }))
    expect(used.length).toBeGreaterThan(40)
    const unknown = used.filter(({ service, operation }) => {
      const command = `${operation.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Command`
      return !others.includes(`${service} ${operation}`) && !Object.keys(clients[service] ?? {}).includes(command)
    })
    expect(unknown).toEqual([])
  })

  it('names parts of the stack that it has, and none of two', () => {
    const { Resources } = synthesise({ ...goodInputs, lanes: { '163.com': 5 } })
    const asked = [
      ...[...runbook.matchAll(/\bresource (AWS::[\w:]+) (\w+)/g)].map(([, type = '', prefix = '']) => ({
        type,
        prefix,
      })),
      ...[...runbook.matchAll(/^errors (\w+)$|`errors (\w+)`/gm)].map(([, line, inline]) => ({
        type: 'AWS::Logs::LogGroup',
        prefix: line ?? inline ?? '',
      })),
    ]
    expect(asked.length).toBeGreaterThan(40)
    for (const { type, prefix } of asked) {
      const found = Object.entries(Resources).filter(([id, { Type }]) => Type === type && id.startsWith(prefix))
      // A sender may have a queue for lanes; whoever asks for its sources means all of them.
      const many = type === 'AWS::Lambda::EventSourceMapping'
      expect([type, prefix, many ? found.length > 0 : found.length]).toEqual([type, prefix, many ? true : 1])
    }
  })
})
