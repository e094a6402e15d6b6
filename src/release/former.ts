import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { describeError, InputError } from '../errors.ts'
import { gradesSchema, type RedactionGrades } from './grades.ts'
import { type ReleaseSettings, resolveReleaseSettings } from './settings.ts'
import { type CurateFacts, curateSchema, type IngestFacts, ingestSchema } from './work.ts'

const count = z.number().int().nonnegative()

const manifestSchema = z.looseObject({
  kind: z.literal('colloquy-release'),
  version: z.string(),
  published: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()),
  inputs: z.array(z.unknown()),
  ingest: z.record(z.string(), z.unknown()),
  recipe: z.record(z.string(), z.unknown()),
  labels: z.record(z.string(), z.record(z.string(), z.unknown())),
  rules: z.array(z.unknown()),
  figures: z.array(z.unknown()),
  notSampled: count,
  conversations: z.object({ read: count, selected: count }),
  deletion: z
    .object({
      conversations: count,
      from: z.string(),
      carried: z.object({ figures: z.array(z.string()), of: count }).nullable(),
    })
    .optional(),
  redaction: z.looseObject({ graded: gradesSchema.optional() }).nullish(),
  files: z.array(z.object({ path: z.string() })),
})

const bins = z.array(z.object({ from: z.number(), to: z.number(), count }))
const statsSchema = z.looseObject({
  conversations: count,
  users: count.nullable(),
  withConsent: count,
  tokenizer: z.literal('llama-2').nullable(),
  averageTokensPerPrompt: z.number().nullable(),
  averageTokensPerResponse: z.number().nullable(),
  promptTokens: bins.nullable(),
  responseTokens: bins.nullable(),
  perLanguage: z.array(z.object({ language: z.string(), code: z.string(), conversations: count })),
  perDay: z.array(z.object({ day: z.string(), conversations: count })),
  redaction: z.object({ conversations: count, spans: count, kinds: z.record(z.string(), count) }).nullable(),
})

/** What a finished release tells of how it was made: enough to make its documents again. */
export interface FormerRelease {
  settings: ReleaseSettings
  published: string | undefined
  work: { ingest: IngestFacts; curate: CurateFacts }
  stats: z.infer<typeof statsSchema>
  deletion: z.infer<typeof manifestSchema>['deletion']
  grades: RedactionGrades | undefined
  /** Its Parquet files, in order. */
  dataFiles: string[]
}

/**
 * Reads manifest.json and stats.json of a release folder.
 * @throws InputError `release-former` where they are missing, or from a version of the program that did not write all that is needed.
 */
export function readFormer(dir: string): FormerRelease {
  const manifest = read(dir, 'manifest.json', manifestSchema)
  const stats = read(dir, 'stats.json', statsSchema)
  const { version, settings, published, inputs, ingest, recipe, labels, rules, figures, notSampled, conversations, deletion, redaction } =
    manifest
  return {
    settings: resolveReleaseSettings(settings, { version }),
    published: published ?? undefined,
    work: {
      ingest: ingestSchema.parse({ ...ingest, inputs }),
      curate: curateSchema.parse({
        recipe,
        order: 'shard',
        labels: Object.fromEntries(Object.entries(labels).map(([name, label]) => [name, { ...label, folder: '' }])),
        rules,
        figures,
        input: conversations.read,
        notSampled,
        selected: conversations.selected,
        users: stats.users ?? 0,
        shards: [],
      }),
    },
    stats,
    deletion,
    grades: redaction?.graded,
    dataFiles: manifest.files.filter(({ path }) => /^data\/[\w.-]+\.parquet$/.test(path)).map(({ path }) => path),
  }
}

function read<T>(dir: string, name: string, schema: z.ZodType<T>): T {
  const path = join(dir, name)
  try {
    if (!existsSync(path)) throw new Error('it is missing')
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ').slice(0, 300) : describeError(error)
    throw new InputError(
      'release-former',
      `${name} of the release does not tell how to make it again: ${why}. Build the release again without the conversation and publish it.`,
      { cause: error },
    )
  }
}
