import { z } from 'zod'

/** What a program that runs one statement is told: the statement first; then, when it named its tables, where they are. */
export const Order = z.discriminatedUnion('step', [
  z.object({ step: z.literal('parse'), sql: z.string() }),
  z.object({
    step: z.literal('run'),
    views: z.array(z.object({ name: z.string(), paths: z.array(z.string()) })),
    limits: z.object({ rows: z.number(), bytes: z.number(), memoryMiB: z.number() }),
    out: z.object({ path: z.string(), format: z.enum(['csv', 'jsonl', 'parquet']) }).optional(),
  }),
  z.object({ step: z.literal('subset'), paths: z.array(z.string()), numbers: z.string(), out: z.string(), temp: z.string() }),
])
/** What a program that runs one statement is told. */
export type Order = z.infer<typeof Order>

/** What it answers. */
export const Told = z.discriminatedUnion('told', [
  z.object({ told: z.literal('tables'), tables: z.array(z.string()) }),
  z.object({
    told: z.literal('rows'),
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    rows: z.array(z.array(z.unknown())),
    truncated: z.boolean(),
    ms: z.number(),
  }),
  z.object({ told: z.literal('written'), rows: z.number(), ms: z.number() }),
  z.object({ told: z.literal('error'), status: z.number(), code: z.string(), message: z.string() }),
])
/** What a program that runs one statement answers. */
export type Told = z.infer<typeof Told>
