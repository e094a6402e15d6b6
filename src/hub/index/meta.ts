import { z } from 'zod'
import { ColumnPlace } from './columns.ts'

/** The form of an index; a change of what is written makes a new number, and a server removes the indexes of every other. */
export const FORM = 5

/** What an index says of itself in `meta.json`. */
export const Meta = z.object({
  rows: z.number(),
  blocks: z.number(),
  columns: z.array(ColumnPlace),
  /** The mean number of words of a row, at least 1. */
  meanLength: z.number(),
  /** By how much the bounds of blocks are to be raised. */
  boundScale: z.number(),
})
/** What an index says of itself. */
export type Meta = z.infer<typeof Meta>
