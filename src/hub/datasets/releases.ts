import { z } from 'zod'
import type { Queries } from '../../storage/database.ts'
import type { Hub } from '../hub.ts'
import { readText } from './content.ts'
import { knownRefs } from './known.ts'
import { type Commit, findCommit, listRefs } from './revisions.ts'
import type { Dataset } from './store.ts'

/** What a version is told by, of a release's manifest. */
const Manifest = z.looseObject({
  kind: z.literal('colloquy-release'),
  title: z.string().default(''),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  published: z.string().nullable().default(null),
  settings: z.looseObject({ authors: z.array(z.string()).default([]), licensor: z.string().optional() }).optional(),
  recipe: z.unknown().optional(),
  labels: z.unknown().optional(),
  rows: z.number(),
  columns: z.array(z.string()),
  deletion: z.unknown().optional(),
  files: z.array(z.looseObject({ path: z.string(), sha256: z.string() })),
})
/** A release's manifest. */
export type Manifest = z.infer<typeof Manifest>

/** A published version of a release. */
export interface Version {
  version: string
  revision: string
  publishedAt: Date
  manifest: Manifest
}

/** Below 0 where the first is older. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [a.split('.').map(Number), b.split('.').map(Number)]
  return (x[0] ?? 0) - (y[0] ?? 0) || (x[1] ?? 0) - (y[1] ?? 0) || (x[2] ?? 0) - (y[2] ?? 0)
}

/** A dataset's versions, newest first: its tags `v1.2.3` that stand at a release. */
export async function listVersions(hub: Hub, dataset: Dataset): Promise<Version[]> {
  const versions: Version[] = []
  for (const { kind, name, target } of await listRefs(hub.database, dataset)) {
    if (kind !== 'tag' || !isVersionTag(name)) continue
    const commit = await findCommit(hub.database, dataset, target)
    const manifest = commit && (await manifestAt(hub, dataset, commit))
    if (manifest) versions.push({ version: name.slice(1), revision: commit.id, publishedAt: commit.createdAt, manifest })
  }
  return versions.sort((a, b) => compareVersions(b.version, a.version))
}

/** The manifest of the release at a commit; undefined where there is none that can be read. */
export async function manifestAt(hub: Hub, dataset: Dataset, commit: Commit): Promise<Manifest | undefined> {
  try {
    return Manifest.parse(JSON.parse((await readText(hub, dataset, commit, 'manifest.json')) ?? ''))
  } catch {
    return undefined
  }
}

/** The number of the version of a release that stands at a commit; null where it is none. For a `dataset` whose row was read for this question. */
export async function versionAt(hub: Hub, dataset: Dataset, commit: Commit): Promise<string | null> {
  const names = (await knownRefs(hub.database, dataset))
    .filter(({ kind, name, target }) => kind === 'tag' && target === commit.id && isVersionTag(name))
    .map(({ name }) => name.slice(1))
    .sort(compareVersions)
  return names.length > 0 && (await manifestAt(hub, dataset, commit)) ? (names.at(-1) ?? null) : null
}

const Tag = z.object({ name: z.string() })

/** The number of the newest version that stands at a commit or before it; null where there is none. */
export async function versionUpTo(queries: Queries, dataset: Dataset, commit: Commit): Promise<string | null> {
  const sql = `select refs.name from refs join commits on commits.dataset_id = refs.dataset_id and commits.id = refs.target
    where refs.dataset_id = $1 and refs.kind = 'tag' and commits.position <= $2`
  const names = (await queries.select(Tag, sql, [dataset.id, commit.position])).map(({ name }) => name).filter(isVersionTag)
  return (
    names
      .map((name) => name.slice(1))
      .sort(compareVersions)
      .at(-1) ?? null
  )
}

const isVersionTag = (name: string): boolean => /^v\d+\.\d+\.\d+$/.test(name)
