import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { isLoopback, localEnvironment, networkGuardArguments } from '../../../local/network-guard.ts'

const run = promisify(execFile)

/** Runs a script in a guarded process of its own and answers what it prints as JSON. */
async function guarded(script: string, env: NodeJS.ProcessEnv = localEnvironment()): Promise<unknown> {
  const args = [...networkGuardArguments, '--input-type=module', '--eval', script]
  const { stdout } = await run(process.execPath, args, { env, timeout: 15_000 })
  return JSON.parse(stdout)
}

/** Prints what became of `attempt`, and every DNS query that left the guard. */
const attempt = (imports: string, code: string) => `
  import { createHook } from 'node:async_hooks'
  ${imports}
  const queries = []
  createHook({ init(_id, type) { if (/GETADDRINFOREQWRAP|QUERYWRAP|UDPSENDWRAP/.test(type)) queries.push(type) } }).enable()
  const outcome = await (async () => { ${code} })().then(() => ({ code: 'reached' }), error => {
    const cause = error.code ? error : (error.cause ?? error)
    return { code: cause.code, message: cause.message }
  })
  console.log(JSON.stringify({ ...outcome, queries }))`

const REFUSED = { code: 'ERR_OUTSIDE_THIS_COMPUTER', queries: [] }

test('an SDK call to the real AWS fails at once, without a DNS query', async () => {
  const { AWS_ENDPOINT_URL, ...env } = localEnvironment()
  expect(AWS_ENDPOINT_URL).toBeDefined()
  const script = attempt(
    "import { SQSClient, ListQueuesCommand } from '@aws-sdk/client-sqs'",
    'await new SQSClient({}).send(new ListQueuesCommand({}))',
  )
  expect(await guarded(script, env)).toMatchObject({
    ...REFUSED,
    message: expect.stringContaining('sqs.eu-west-1.amazonaws.com:443'),
  })
})

test('an SDK client without an endpoint of its own meets a closed port on this computer', async () => {
  const script = attempt(
    "import { SESv2Client, GetAccountCommand } from '@aws-sdk/client-sesv2'",
    'await new SESv2Client({ maxAttempts: 1 }).send(new GetAccountCommand({}))',
  )
  expect(await guarded(script)).toMatchObject({ code: 'ECONNREFUSED' })
})

test.each([
  ['fetch', '', "await fetch('https://example.com')"],
  [
    'http.get',
    "import http from 'node:http'",
    "await new Promise((_, no) => http.get('http://192.0.2.1').on('error', no))",
  ],
  [
    'net by address',
    "import { connect } from 'node:net'",
    "await new Promise((_, no) => connect(80, '192.0.2.1').on('error', no))",
  ],
  [
    'net by IPv6',
    "import { connect } from 'node:net'",
    "await new Promise((_, no) => connect(80, '2001:db8::1').on('error', no))",
  ],
  [
    'tls',
    "import { connect } from 'node:tls'",
    "await new Promise((_, no) => connect(443, 'example.com').on('error', no))",
  ],
  [
    'http2',
    "import { connect } from 'node:http2'",
    "await new Promise((_, no) => connect('https://example.com').on('error', no))",
  ],
  [
    'dns.lookup',
    "import { lookup } from 'node:dns'",
    "await new Promise((_, no) => lookup('example.com', error => no(error)))",
  ],
  ['dns.promises', "import { resolve4 } from 'node:dns/promises'", "await resolve4('example.com')"],
  ['dns resolver', "import { promises } from 'node:dns'", "await new promises.Resolver().resolveMx('example.com')"],
  ['datagram', "import { createSocket } from 'node:dgram'", "createSocket('udp4').send('x', 53, '192.0.2.1')"],
  [
    'worker thread',
    "import { Worker } from 'node:worker_threads'",
    "await new Promise((_, no) => new Worker(\"fetch('https://example.com').catch(error => { throw error.cause })\", { eval: true }).on('error', no))",
  ],
])('%s is refused', async (_name, imports, code) => {
  expect(await guarded(attempt(imports, code))).toMatchObject(REFUSED)
})

test('a lookup of the caller’s own cannot send localhost elsewhere', async () => {
  const code = `
    const lookup = (_name, _options, done) => done(null, [{ address: '192.0.2.1', family: 4 }])
    await new Promise((_, no) => connect({ port: 1, host: 'localhost', lookup }).on('error', error => no(error.errors?.[0] ?? error)))`
  const outcome = await guarded(attempt("import { connect } from 'node:net'", code))
  expect(outcome).toMatchObject({ code: 'ECONNREFUSED', message: expect.stringMatching(/127\.0\.0\.1:1|::1:1/) })
})

test('this computer is reached by every name it has', async () => {
  const code = `
    const server = createServer((_, response) => response.end('here')).listen(0, '127.0.0.1')
    await new Promise(resolve => server.on('listening', resolve))
    for (const host of ['127.0.0.1', 'localhost']) await fetch('http://' + host + ':' + server.address().port)
    await new Promise((yes, no) => lookup('localhost', error => error ? no(error) : yes()))
    server.closeAllConnections()
    server.close()`
  const imports = "import { createServer } from 'node:http'; import { lookup } from 'node:dns'"
  expect(await guarded(attempt(imports, code))).toMatchObject({ code: 'reached' })
})

test('only loopback is loopback', () => {
  const inside = ['127.0.0.1', '127.9.9.9', '::1', '[::1]', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1']
  const outside = [
    '0.0.0.0',
    '128.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    '::',
    '::2',
    '127.0.0.1.example',
    'localhost.example',
    '',
    '::ffff:10.0.0.1',
  ]
  expect(inside.filter(host => !isLoopback(host))).toEqual([])
  expect(outside.filter(isLoopback)).toEqual([])
})

test('the environment of a local process keeps nothing of the AWS account or proxy of its caller', () => {
  const inherited = {
    PATH: '/bin',
    AWS_PROFILE: 'prod',
    AWS_SESSION_TOKEN: 'real',
    https_proxy: 'http://127.0.0.1:3128',
    EMPTY: undefined,
  }
  const environment = localEnvironment('eu-central-1', inherited)
  expect(environment).toMatchObject({ PATH: '/bin', AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'local' })
  for (const gone of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'https_proxy', 'EMPTY'])
    expect(environment).not.toHaveProperty(gone)
})
