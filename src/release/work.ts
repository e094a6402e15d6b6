import { existsSync, readFileSync } from 'node:fs'
import { basename, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { describeError, InputError } from '../errors.ts'

const count = z.number().int().nonnegative()
const refused = z.record(z.string(), count).default({})

/** Parses `ingest.json`. */
export const ingestSchema = z.object({
  inputs: z.array(
    z.object({
      // The contract says "never an absolute path"; what is published must hold to it whatever was written.
      file: z.string().transform((file) => (isAbsolute(file) || /^[a-z]:[\\/]/i.test(file) ? basename(file.replaceAll('\\', '/')) : file)),
      form: z.string(),
      sizeBytes: count,
      sha256: z.string(),
      lines: count,
      accepted: count,
      superseded: count.default(0),
      refused,
    }),
  ),
  lines: count,
  accepted: count,
  superseded: count,
  refused,
  conversations: count,
  battles: count.default(0),
  users: count.default(0),
})

/** Parses `curate.json`. */
export const curateSchema = z.object({
  recipe: z.looseObject({
    name: z.string(),
    consent: z.enum(['required', 'assumed']).default('assumed'),
    language: z.enum(['conversation', 'first-prompt']).default('conversation'),
    columns: z.array(z.string()).default([]),
    card: z.record(z.string(), z.unknown()).default({}),
  }),
  order: z.enum(['shard', 'shuffled']),
  labels: z.record(
    z.string(),
    z.object({
      folder: z.string(),
      version: z.string(),
      fingerprint: z.string(),
      quality: z.string().nullable().default(null),
      settings: z.unknown().optional(),
    }),
  ),
  rules: z.array(z.object({ rule: z.string(), description: z.string().default(''), dropped: count })),
  figures: z.array(z.object({ label: z.string(), figure: z.string(), value: z.number().nullable() })).default([]),
  input: count,
  notSampled: count.default(0),
  selected: count,
  users: count.default(0),
  shards: z.array(z.object({ shard: z.string().regex(/^\d{5}$/), rows: count, selected: count })),
})

/** What ingest did, from `ingest.json`. */
export type IngestFacts = z.infer<typeof ingestSchema>

/** What curate did, from `curate.json`. */
export type CurateFacts = z.infer<typeof curateSchema>

/** A curated work folder: where it is, and what its two reports say. @see docs/data-format.md */
export interface WorkFolder {
  dir: string
  ingest: IngestFacts
  curate: CurateFacts
}

/**
 * Reads the reports of a work folder.
 * @throws InputError `work-incomplete` when a stage has not run, `work-unreadable` when a report is not what docs/data-format.md says.
 */
export function openWork(dir: string): WorkFolder {
  const ingest = readReport(dir, 'ingest.json', ingestSchema)
  const curate = readReport(dir, 'curate.json', curateSchema)
  const selected = curate.shards.reduce((sum, shard) => sum + shard.selected, 0)
  if (selected === curate.selected) return { dir, ingest, curate }
  throw new InputError(
    'work-unreadable',
    `${join(dir, 'curate.json')} says ${curate.selected} conversations are selected, but its shards add up to ${selected}. Run 'colloquy curate' again.`,
  )
}

/** Folder of a label's sidecars, or undefined when curate did not compute that label. */
export function labelFolder(work: WorkFolder, name: string): string | undefined {
  const label = work.curate.labels[name]
  return label ? join(work.dir, label.folder) : undefined
}

function readReport<T>(dir: string, name: string, schema: z.ZodType<T>): T {
  const path = join(dir, name)
  const stage = name.replace('.json', '')
  if (!existsSync(path)) {
    throw new InputError(
      'work-incomplete',
      `${path} is missing: ${stage} has not finished in this work folder. Run 'colloquy ${stage} --work DIR' first.`,
    )
  }
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : describeError(error)
    throw new InputError('work-unreadable', `${path} is not a report that release can read: ${why}. Run 'colloquy ${stage}' again.`, {
      cause: error,
    })
  }
}
