import { sesSimulatorOptionsSchema } from './options.ts'
import { type SesSimulator, startSesSimulator } from './simulator.ts'

/**
 * The simulator as a process of its own: options as JSON in the first argument. Says `{"url":…}` on stdout, and to its
 * parent if there is a channel, once it listens; ends when that channel closes.
 */
const options = readOptions(process.argv[2])
const simulator = options === undefined ? undefined : await startSesSimulator(options)
if (simulator === undefined) process.exitCode = 2
else announce(simulator)

function readOptions(json: string | undefined) {
  try {
    const parsed = sesSimulatorOptionsSchema.safeParse(JSON.parse(json ?? '{}'))
    if (parsed.success) return parsed.data
    for (const { path, message } of parsed.error.issues)
      console.error(`ses-simulator: ${[...path, message].join(': ')}`)
  } catch {
    console.error(
      'ses-simulator: the first argument must be the options as one JSON object, such as {"maxSendRate":200}',
    )
  }
  return undefined
}

function announce({ url, close }: SesSimulator): void {
  process.on('disconnect', () => process.exit())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      close().then(
        () => process.exit(),
        () => process.exit(1),
      )
    })
  }
  console.log(JSON.stringify({ url }))
  process.send?.({ url })
}
