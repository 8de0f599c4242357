import { performanceCases } from './cases.ts'
import { runCase } from './run-case.ts'

/**
 * One case in a process of its own: what it keeps in memory ends with it, and it ends when nobody waits for its result any
 * more. Arguments: recipients, number of the case.
 */
process.once('disconnect', () => process.exit())
const [recipients, number] = process.argv.slice(2).map(Number)
const planned = performanceCases(recipients ?? 0)[number ?? -1]
if (planned === undefined) throw new RangeError(`There is no case ${number}`)
const result = await runCase(planned)
process.send?.(result, () => process.disconnect())
