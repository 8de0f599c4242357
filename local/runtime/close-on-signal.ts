import { constants } from 'node:os'

const signals = ['SIGINT', 'SIGTERM'] as const

/** Closes, then ends this process as the signal would have, once a signal comes; a second one does not wait. */
export function closeOnSignal(close: () => Promise<void>): Disposable {
  let closing = false
  const onSignal = (signal: (typeof signals)[number]) => {
    const end = () => process.exit(128 + constants.signals[signal])
    if (closing) end()
    closing = true
    close().then(end, end)
  }
  for (const signal of signals) process.on(signal, onSignal)
  return {
    [Symbol.dispose]: () => {
      if (closing) return
      for (const signal of signals) process.off(signal, onSignal)
    },
  }
}
