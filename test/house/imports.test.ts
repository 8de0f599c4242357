import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

const lambdaRooms = ['api', 'audience', 'dispatcher', 'sender', 'feedback']

interface Import {
  readonly from: string
  readonly to: string
}

const sources = globSync('{cdk,functions,local,cli,smoke}/**/*.ts')

function importsOf(file: string, source: string): readonly Import[] {
  return [...source.matchAll(/(?:from|import)\s+'([^']+)'/g)].map(([, to = '']) => ({
    from: file,
    to: to.startsWith('.') ? normalize(join(dirname(file), to)) : to,
  }))
}

const imports = sources.flatMap(file => importsOf(file, readFileSync(file, 'utf8')))
const room = (path: string) => path.split('/')[1] ?? ''
/** What a room promises to those who deploy it: its environment, how many of it are enough, and what it alarms about. */
const contract = /\/(env|concurrency|stall-reasons)\.ts$/
const show = ({ from, to }: Import) => `${from} → ${to}`

/** Each law names the imports that break it. */
const laws: Readonly<Record<string, (made: Import) => boolean>> = {
  'a Lambda room never imports another': ({ from, to }) =>
    from.startsWith('functions/') &&
    to.startsWith('functions/') &&
    lambdaRooms.includes(room(to)) &&
    room(from) !== room(to),
  'functions/ knows nothing of what runs or deploys it': ({ from, to }) =>
    from.startsWith('functions/') && /^(cdk|local|cli|smoke|test|bench)\//.test(to),
  'cdk/ knows only the contracts of functions/': ({ from, to }) =>
    from.startsWith('cdk/') && to.startsWith('functions/') && !contract.test(to) && room(to) !== 'runtime',
  'local/ runs the bundles of the rooms and never their code': ({ from, to }) =>
    from.startsWith('local/') && to.startsWith('functions/') && lambdaRooms.includes(room(to)) && !contract.test(to),
  'smoke/ tries out what is deployed, by the API and the CLI alone': ({ from, to }) =>
    from.startsWith('smoke/') &&
    (/^(local|test|bench)\//.test(to) || (to.startsWith('functions/') && lambdaRooms.includes(room(to)))),
  'nothing needs smoke/': ({ from, to }) => !from.startsWith('smoke/') && to.startsWith('smoke/'),
  'the leak guard imports nothing of AWS': ({ from, to }) =>
    from.startsWith('functions/leak-guard/') && /aws|smithy|functions\/ses/.test(to),
  'decisions import no AWS client': ({ from, to }) =>
    /^@(aws-sdk|smithy)\//.test(to) &&
    /^functions\/(pacer|ledger|notice|recipient|rendering|sender|dispatcher|feedback)\//.test(from) &&
    !/\/(dynamo|s3|sqs|kms)-[\w-]+\.ts$|\/handler\.ts$/.test(from),
  'only the SES mailer makes an SES client or a SendEmail command': ({ from, to }) =>
    to === '@aws-sdk/client-sesv2' &&
    !/^functions\/ses\/(ses-mailer|ses-account|wire-check)\.ts$|^smoke\/aws-ses\.ts$/.test(from),
}

describe('Imports run one way', () => {
  it.each(Object.entries(laws))('%s', (_, breaks) => {
    expect(imports.filter(breaks).map(show)).toEqual([])
  })

  it('would be caught running another way', () => {
    const wrong: readonly Import[] = [
      { from: 'functions/sender/a.ts', to: 'functions/api/b.ts' },
      { from: 'functions/ledger/a.ts', to: 'functions/sender/b.ts' },
      { from: 'functions/ledger/a.ts', to: 'local/b.ts' },
      { from: 'cdk/a.ts', to: 'functions/sender/handler.ts' },
      { from: 'local/a.ts', to: 'functions/sender/handler.ts' },
      { from: 'smoke/a.ts', to: 'local/b.ts' },
      { from: 'smoke/a.ts', to: 'functions/sender/b.ts' },
      { from: 'cli/a.ts', to: 'smoke/b.ts' },
      { from: 'functions/leak-guard/a.ts', to: 'functions/ses/mailer.ts' },
      { from: 'functions/pacer/gcra.ts', to: '@aws-sdk/client-dynamodb' },
      { from: 'functions/sender/send-paced.ts', to: '@aws-sdk/client-sesv2' },
    ]
    for (const made of wrong) expect(Object.values(laws).some(breaks => breaks(made))).toBe(true)
    expect(imports.length).toBeGreaterThan(300)
  })
})
