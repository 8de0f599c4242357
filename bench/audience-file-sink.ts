import { open, rm } from 'node:fs/promises'
import type { ByteSink } from '../functions/audience/byte-sink.ts'

/** One object of an indexed audience, as a file. */
export async function fileSink(path: string): Promise<ByteSink> {
  const file = await open(path, 'w')
  return {
    write: async bytes => {
      await file.write(bytes)
    },
    close: () => file.close(),
    abort: async () => {
      await file.close()
      await rm(path)
    },
  }
}
