import { z } from 'zod'
import { readText } from '../datasets/content.ts'
import { encodePath } from '../datasets/paths.ts'
import { type Commit, findCommit, listRefs } from '../datasets/revisions.ts'
import type { Dataset } from '../datasets/store.ts'
import type { Hub } from '../hub.ts'
import { appendEntries } from '../ledger.ts'
import { datasetRoute, type Route } from '../routes.ts'

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
type Manifest = z.infer<typeof Manifest>

/** A published version of a release. `change`: what made it one; `first` for the first. */
export interface Version {
  version: string
  revision: string
  publishedAt: Date
  manifest: Manifest
}

/** How much a version differs from the one before: what readers' programs and results have to expect. */
export type Change = 'major' | 'minor' | 'patch'

/**
 * The kind of change between two releases. `major`: a column is gone or its order changed, so programs may break. `patch`: the data is the same, or
 * the same without conversations that were deleted on request. `minor`: everything else, such as more conversations, columns or other labels.
 */
function changeOf(before: Manifest, after: Manifest): Change {
  if (before.columns.some((column, index) => after.columns[index] !== column)) return 'major'
  const data = ({ files }: Manifest) => JSON.stringify(files.filter(({ path }) => path.startsWith('data/')).map(({ sha256 }) => sha256))
  if (data(before) === data(after)) return 'patch'
  const made = ({ recipe, labels }: Manifest) => JSON.stringify([recipe, labels])
  const isOnlyLess =
    after.rows < before.rows && made(before) === made(after) && JSON.stringify(before.deletion) !== JSON.stringify(after.deletion)
  return isOnlyLess ? 'patch' : 'minor'
}

/** The version after one, by the kind of change. */
export function nextVersion(version: string, change: Change): string {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  if (change === 'major') return `${major + 1}.0.0`
  return change === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`
}

/** Below 0 where the first is older. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [a.split('.').map(Number), b.split('.').map(Number)]
  return (x[0] ?? 0) - (y[0] ?? 0) || (x[1] ?? 0) - (y[1] ?? 0) || (x[2] ?? 0) - (y[2] ?? 0)
}

/**
 * Gives the release at a commit its version, as a tag `v1.2.3`: the one of its manifest where that is newer than every version so far, else the next
 * after the newest, by the kind of change. Nothing happens for a commit without a release, or with the very release of the newest version.
 */
export async function tagVersion(hub: Hub, dataset: Dataset, commit: Commit): Promise<string | undefined> {
  const manifest = await manifestAt(hub, dataset, commit)
  if (!manifest) return undefined
  const [newest] = await listVersions(hub, dataset)
  if (newest && JSON.stringify(newest.manifest) === JSON.stringify(manifest)) return undefined
  const isNewer = !newest || compareVersions(manifest.version, newest.version) > 0
  const version = isNewer ? manifest.version : nextVersion(newest.version, changeOf(newest.manifest, manifest))
  await hub.database.transaction(async (queries) => {
    const made = await queries.change(
      "insert into refs (dataset_id, kind, name, target) values ($1, 'tag', $2, $3) on conflict (dataset_id, kind, name) do nothing",
      [dataset.id, `v${version}`, commit.id],
    )
    if (made === 0) return
    const detail = { version, manifest: manifest.version, before: newest?.version ?? null }
    await appendEntries(
      queries,
      [{ actor: 'hub', action: 'version.made', dataset: dataset.fullName, revision: commit.id, detail }],
      hub.now(),
    )
  })
  return version
}

/** A dataset's versions, newest first: its tags `v1.2.3` that stand at a release. */
async function listVersions(hub: Hub, dataset: Dataset): Promise<Version[]> {
  const versions: Version[] = []
  for (const { kind, name, target } of await listRefs(hub.database, dataset)) {
    if (kind !== 'tag' || !/^v\d+\.\d+\.\d+$/.test(name)) continue
    const commit = await findCommit(hub.database, dataset, target)
    const manifest = commit && (await manifestAt(hub, dataset, commit))
    if (manifest) versions.push({ version: name.slice(1), revision: commit.id, publishedAt: commit.createdAt, manifest })
  }
  return versions.sort((a, b) => compareVersions(b.version, a.version))
}

async function manifestAt(hub: Hub, dataset: Dataset, commit: Commit): Promise<Manifest | undefined> {
  try {
    return Manifest.parse(JSON.parse((await readText(hub, dataset, commit, 'manifest.json')) ?? ''))
  } catch {
    return undefined
  }
}

const VersionShape = z.object({
  version: z.string(),
  revision: z.string(),
  tag: z.string(),
  publishedAt: z.string(),
  rows: z.number(),
  change: z.enum(['first', 'major', 'minor', 'patch']),
  url: z.string(),
  citation: z.object({ text: z.string(), bibtex: z.string() }),
})

/** Versions with a citation for each. They tell bibliography, which is for everyone who may know of the dataset. */
export const versionRoutes: Route[] = [
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/versions',
      summary: 'Versions of the release, newest first, with what changed and a citation for each',
      right: 'listing',
      reply: z.array(VersionShape),
    },
    async ({ hub, context, dataset, origin }) => {
      const versions = await listVersions(hub, dataset)
      return context.json(
        versions.map((one, index) => {
          const before = versions[index + 1]
          const tag = `v${one.version}`
          const url = `${origin}/datasets/${encodePath(dataset.fullName)}?revision=${one.revision}`
          return {
            version: one.version,
            revision: one.revision,
            tag,
            publishedAt: one.publishedAt,
            rows: one.manifest.rows,
            change: before ? changeOf(before.manifest, one.manifest) : 'first',
            url,
            citation: cite(dataset, one, url),
          }
        }),
      )
    },
  ),
]

/** A citation that names the very content: version, and the commit in its address. */
function cite(dataset: Dataset, { version, revision, publishedAt, manifest }: Version, url: string): { text: string; bibtex: string } {
  // In BibTeX these would end a field or start a command; a title does not need them.
  const plain = (text: string) =>
    text
      .replace(/[{}\\%#$^~_&"@<>|`\p{Cc}]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  const authors = manifest.settings?.authors ?? []
  const names = (authors.length > 0 ? authors : [manifest.settings?.licensor ?? dataset.namespace]).map(plain)
  const year = (manifest.published ?? publishedAt.toISOString()).slice(0, 4)
  const title = plain(manifest.title) || dataset.fullName
  const key = `${dataset.fullName}_${version}`.toLowerCase().replace(/[^a-z0-9]+/g, '_')
  const fields = [
    `title = {${title}}`,
    `author = {${names.map((name) => (authors.length > 0 ? name : `{${name}}`)).join(' and ')}}`,
    `year = {${year}}`,
    `version = {${version}}`,
    `note = {${manifest.rows} conversations, revision ${revision}}`,
    `howpublished = {\\url{${url}}}`,
  ]
  const bibtex = `@misc{${key},\n${fields.map((field) => `  ${field}`).join(',\n')}\n}`
  return { text: `${names.join(', ')} (${year}). ${title}, version ${version}. ${url}`, bibtex }
}
