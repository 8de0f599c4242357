import { Writable } from 'node:stream'
import { plain, type Terminal } from '../../cli/terminal.ts'

/** A terminal that nobody looks at. */
export const quietTerminal: Terminal = {
  print: () => {},
  note: () => {},
  results: new Writable({ write: (_chunk, _encoding, done) => done() }),
  notes: new Writable({ write: (_chunk, _encoding, done) => done() }),
  canAsk: false,
  ask: async () => '',
  interruption: () => new Promise(() => {}),
  paint: plain,
}
