import { createHash } from 'node:crypto'
import { z } from 'zod'
import { toJson } from '../storage/files.ts'
import { absences, absentLabels, type ReleaseFacts } from './facts.ts'

/** One file of a release. */
export interface ManifestFile {
  /** Path in the release folder, with `/`. */
  path: string
  sizeBytes: number
  sha256: string
  /** Of Parquet files. */
  rows?: number
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** What `colloquy verify` needs of a manifest; the rest is for people and other programs. */
export const manifestSchema = z.looseObject({
  schema: z.literal(1),
  kind: z.literal('colloquy-release'),
  rows: z.number().int().nonnegative(),
  columns: z.array(z.string()),
  files: z.array(
    z.object({
      path: z.string().regex(/^(?!.*(^|\/)\.\.?(\/|$))[^/\\\0][^\\\0]*$/, 'must stay inside the release'),
      sizeBytes: z.number().int().nonnegative(),
      sha256,
      rows: z.number().int().nonnegative().optional(),
    }),
  ),
  checksum: sha256,
})

/** `manifest.json`: where a release came from, how, and what each of its files is. */
export type Manifest = z.infer<typeof manifestSchema>

/** The text of `manifest.json`. Its last field is the sha256 of the same text with that field empty, so that the manifest vouches for itself, too. */
export function writeManifest(facts: ReleaseFacts, files: readonly ManifestFile[]): string {
  const { settings, published, code, work, data, stats, grades, deletion } = facts
  const { ingest, curate } = work
  return sealManifest({
    schema: 1,
    kind: 'colloquy-release',
    name: settings.name,
    title: settings.title,
    version: settings.version,
    published: published ?? null,
    // All of it stands on the card; a later version without some conversations is made with the same.
    settings,
    code,
    inputs: ingest.inputs,
    ingest: {
      lines: ingest.lines,
      accepted: ingest.accepted,
      superseded: ingest.superseded,
      refused: ingest.refused,
      conversations: ingest.conversations,
      battles: ingest.battles,
      users: ingest.users,
    },
    recipe: publishable(withoutLists(curate.recipe)),
    consent: { basis: curate.recipe.consent, recorded: stats.withConsent },
    labels: Object.fromEntries(
      Object.entries(curate.labels).map(([name, { version, fingerprint, quality, settings: own }]) => [
        name,
        { version, fingerprint, quality, settings: publishable(own ?? {}) },
      ]),
    ),
    absent: Object.fromEntries(absentLabels(work).map((name) => [name, absences[name]])),
    redaction: stats.redaction && { ...stats.redaction, ...(grades ? { graded: grades } : {}) },
    moderationFailures: stats.moderation?.failed ?? null,
    rules: curate.rules,
    figures: curate.figures,
    notSampled: curate.notSampled,
    conversations: { read: curate.input, selected: curate.selected },
    ...(deletion ? { deletion } : {}),
    rows: stats.conversations,
    columns: data.columns.map(({ name }) => name),
    files: [...files].sort((a, b) => (a.path < b.path ? -1 : 1)),
  })
}

/** A manifest as text, with its checksum. */
export function sealManifest(manifest: Readonly<Record<string, unknown>>): string {
  const open = toJson({ ...manifest, checksum: '' })
  return toJson({ ...manifest, checksum: createHash('sha256').update(open).digest('hex') })
}

const listsSchema = z.looseObject({ settings: z.looseObject({ redaction: z.record(z.string(), z.unknown()) }) })

/** A recipe without the words and patterns of its redaction: they may be the very thing to be hidden. The label's settings tell how many there are. */
function withoutLists(recipe: unknown): unknown {
  const parsed = listsSchema.safeParse(recipe)
  if (!parsed.success) return recipe
  const { deny: _, allow: __, patterns: ___, ...redaction } = parsed.data.settings.redaction
  return { ...parsed.data, settings: { ...parsed.data.settings, redaction } }
}

/** A recipe without what must not leave the house: secrets by the names of their fields, and the folders of absolute paths. */
function publishable(value: unknown): unknown {
  if (typeof value === 'string') return /^([/\\]|[a-z]:[\\/])/i.test(value) ? value.split(/[\\/]/).at(-1) : value
  if (Array.isArray(value)) return value.map(publishable)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => !/key$|token$|secret|password|salt/i.test(name))
  return Object.fromEntries(kept.map(([name, inner]) => [name, publishable(inner)]))
}
