import { closeOnSignal } from './runtime/close-on-signal.ts'
import { type EventWiring, wireEvents } from './runtime/event-wiring.ts'
import type { FunctionReport } from './runtime/function-pool.ts'
import { type ServedApi, startHttpApi } from './runtime/http-api.ts'
import { type Invoked, LocalFunctions } from './runtime/local-functions.ts'
import type { MetricSum } from './runtime/metric-sums.ts'
import { PhaseTimer } from './runtime/phase-timer.ts'
import { externalSes, simulatorWiring, startSimulatorProcess } from './runtime/simulator-process.ts'
import { openStateDirectory } from './runtime/state-directory.ts'
import { startEmbeddedServices } from './services/embedded-services.ts'
import { startKms } from './services/kms.ts'
import { startLambda } from './services/lambda.ts'
import type { SesSimulatorOptions } from './ses-simulator/options.ts'
import type { Deployment } from './template/deployment.ts'
import { readAssembly } from './template/read-deployment.ts'
import { localContext, synthesise } from './template/synthesise.ts'

export const DEFAULT_PORT = 4680
/** The events of so many senders at full speed keep one function busy. */
const SENDERS_PER_FEEDBACK = 4

export interface LocalStackOptions {
  /** Of the API. 0 is any free one; 4680 unless given. */
  readonly port?: number
  /** Stack inputs, on top of those of a local stack. */
  readonly context?: Readonly<Record<string, string>>
  readonly ses?: SesSimulatorOptions
  /** A fresh directory that close() removes, unless given; of a given one the logs stay. */
  readonly stateDirectory?: string
  /** Senders to start ahead of demand; 1 unless given. */
  readonly prewarmSenders?: number
  /** Told of what goes wrong inside while the stack goes on: failed invocations, queues that cannot be read. */
  readonly onProblem?: (problem: string) => void
  /** Told of every invocation once it has ended. */
  readonly onInvocation?: (invoked: Invoked) => void
  /** Whether SIGINT and SIGTERM close the stack and end this process; true unless given. */
  readonly closeOnSignals?: boolean
}

export interface LocalStack {
  readonly apiUrl: string
  readonly sesUrl: string
  /** `AWS_ENDPOINT_URL_…` by name. */
  readonly endpoints: Readonly<Record<string, string>>
  readonly queueUrls: Readonly<Record<string, string>>
  readonly deployment: Deployment
  readonly logsDirectory: string
  /** How long each phase of the start took, in milliseconds. */
  readonly startedInMs: Readonly<Record<string, number>>
  functionReports(): readonly FunctionReport[]
  metrics(): readonly MetricSum[]
  /** Deploys what lies in a function's asset directory by now, and starts so many of its processes ahead of demand. */
  redeploy(functionName: string, count: number): Promise<void>
  close(): Promise<void>
}

/**
 * Runs on this computer what the synthesised template would deploy, with nothing listening beyond 127.0.0.1. A start that
 * fails half-way leaves no process and no file behind.
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const resources = new AsyncDisposableStack()
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= resources.disposeAsync()
    return closed
  }
  if (options.closeOnSignals ?? true) resources.use(closeOnSignal(close))
  try {
    return { ...(await start(options, resources)), close }
  } catch (error) {
    await close()
    throw error
  }
}

const closable = (resource: { close(): Promise<void> | void }) => resource.close()

async function start(options: LocalStackOptions, resources: AsyncDisposableStack): Promise<Omit<LocalStack, 'close'>> {
  const { port = DEFAULT_PORT, context = {}, prewarmSenders = 1, onProblem = () => {}, onInvocation } = options
  const { promise: served, resolve: serve } = Promise.withResolvers<ServedApi>()
  const api = resources.adopt(await startHttpApi(port, served), closable)
  const timer = new PhaseTimer()
  const state = resources.adopt(openStateDirectory(options.stateDirectory), closable)

  const region = context['region'] ?? 'eu-west-1'
  await timer.time('synthesis', synthesise(context, state.assembly))
  const deployment = readAssembly(state.assembly, region)

  const { promise: ready, resolve: run } = Promise.withResolvers<{ functions: LocalFunctions; events: EventWiring }>()
  const starting = startEmbeddedServices({
    stateDirectory: state.directory,
    region,
    buckets: deployment.buckets.map(({ name }) => name),
    tables: deployment.tables.map(({ create }) => create),
    queues: deployment.queues,
    onObjectCreated: event => void ready.then(({ events }) => events.rules.objectCreated(event)),
  })
  const services = resources.adopt(await timer.time('services', starting), closable)
  const invoke: Parameters<typeof startLambda>[0]['invoke'] = async (...call) => (await ready).functions.call(...call)
  const lambda = resources.adopt(await startLambda({ invoke }), closable)
  const kms = resources.adopt(await startKms({ rootKeyFile: state.rootKey, keyIds: deployment.macKeys }), closable)

  const { queueUrls } = services
  const sender = { ...localContext, ...context }['sender']
  const simulator = {
    ...simulatorWiring(deployment, queueUrls),
    ...(sender !== undefined && { identities: [sender] }),
    spoolDirectory: state.spool,
    ...options.ses,
  }
  const sesUrl =
    externalSes() ??
    resources.adopt(await timer.time('simulator', startSimulatorProcess(simulator, state.logs)), closable).url
  const endpoints = {
    ...services.endpoints,
    AWS_ENDPOINT_URL_LAMBDA: lambda.endpoint,
    AWS_ENDPOINT_URL_KMS: kms.endpoint,
    AWS_ENDPOINT_URL_SESV2: sesUrl,
  }

  const addresses = { endpoints, queueUrls }
  const functions = new LocalFunctions({ deployment, addresses, logs: state.logs, onProblem, onInvocation })
  resources.defer(() => functions.close())
  const prewarmed: Record<string, number> = {
    sender: prewarmSenders,
    feedback: Math.ceil(prewarmSenders / SENDERS_PER_FEEDBACK),
  }
  await timer.time(
    'functions',
    functions.prewarm(({ room }) => prewarmed[room] ?? 1),
  )

  const events = wireEvents({ deployment, addresses, functions, onProblem })
  resources.defer(async () => {
    await Promise.all([events.close(), functions.close()])
  })
  run({ functions, events })
  const { routes, scope } = deployment
  serve({ routes, scope, invoke: (name, event) => functions.invoke(name, event) })
  return {
    apiUrl: api.endpoint,
    sesUrl,
    endpoints,
    queueUrls,
    deployment,
    logsDirectory: state.logs,
    startedInMs: timer.durationsMs,
    functionReports: () => functions.reports(),
    metrics: () => functions.metrics(),
    redeploy: (name, count) => functions.redeploy(name, count),
  }
}
