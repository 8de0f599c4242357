import { performanceCases } from './cases.ts'
import { runCase } from './run-case.ts'

/** One case in a process of its own: what it keeps in memory ends with it. Arguments: recipients, number of the case. */
// Nobody waits for the result any more, or it has been told.
process.once('disconnect', () => process.exit())

const [recipients, number] = process.argv.slice(2).map(Number)
const planned = performanceCases(recipients ?? 0)[number ?? -1]
if (planned === undefined) throw new RangeError(`There is no case ${number}`)
process.send?.(await runCase(planned))
process.disconnect()
