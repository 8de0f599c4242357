import * as z from 'zod'

/** Where a long answer goes on: a batch number, which only this API knows how to read. */
export const placeSchema = z
  .string()
  .regex(/^\d{1,8}$/, 'Give it as an answer had it in `next`, or leave it out.')
  .transform(Number)
