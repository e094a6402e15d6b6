import { z } from 'zod'
import { encodePath } from '../datasets/paths.ts'
import { compareVersions, listVersions, type Manifest, manifestAt, type Version } from '../datasets/releases.ts'
import type { Commit } from '../datasets/revisions.ts'
import type { Dataset } from '../datasets/store.ts'
import type { Hub } from '../hub.ts'
import { appendEntries } from '../ledger.ts'
import { datasetRoute, type Route } from '../routes.ts'

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
