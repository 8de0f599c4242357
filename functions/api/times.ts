import * as z from 'zod'

export const timeSchema = z.iso.datetime()

export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString()
}
