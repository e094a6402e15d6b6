import { z } from 'zod'
import { parseInput, parseJson, readBytes } from '../body.ts'
import { type Entry, pointerSize } from '../datasets/git.ts'
import { knownRefs, knownWithdrawals } from '../datasets/known.ts'
import { decodeSegments } from '../datasets/paths.ts'
import { type Commit, listCommits, splitRevision } from '../datasets/revisions.ts'
import { findEntry, walkTree } from '../datasets/trees.ts'
import { entryNotFound, entryWithdrawn } from '../errors.ts'
import { nextLink } from '../reply.ts'
import { type DatasetCall, datasetRoute, type Route } from '../routes.ts'
import { rawPath } from './info.ts'
import { serveContent } from './serve-content.ts'

const LastCommit = z.object({ id: z.string(), title: z.string(), date: z.string() })

/** A file or folder as listings give it. `oid` is git's; `lfs.oid` is the SHA-256. */
export const EntryInfo = z.object({
  type: z.enum(['file', 'directory']),
  path: z.string(),
  oid: z.string(),
  size: z.number(),
  lfs: z.object({ oid: z.string(), size: z.number(), pointerSize: z.number() }).optional(),
  lastCommit: LastCommit.optional(),
})
/** A file or folder of a listing. */
export type EntryInfo = z.infer<typeof EntryInfo>

const TreeQuery = z.object({
  recursive: z.stringbool().optional(),
  expand: z.stringbool().optional(),
  limit: z.coerce.number().int().min(1).max(1000).optional(),
  cursor: z.coerce.number().int().min(0).optional(),
})
const PathsInfo = z.object({ paths: z.array(z.string().max(2000)).max(10_000), expand: z.boolean().default(false) })

/** How far back the last change of an entry is looked for. */
const HISTORY = 1000

/** Listings and files of a revision. */
export const fileRoutes: Route[] = [
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/tree/:rest{.+}',
      summary: 'Files and folders at a revision',
      right: 'listing',
      query: TreeQuery,
      reply: z.array(EntryInfo),
    },
    async (call) => {
      const { hub, context, dataset, origin } = call
      const { commit, path } = await splitRevision(hub.database, dataset, decodeSegments(rawPath(call), 5))
      const query = parseInput(context.req.query(), TreeQuery)
      const folder = await findEntry(hub.database, commit.tree, path)
      if (folder?.type !== 'directory') throw entryNotFound(dataset.fullName, path, commit.id)
      const { cursor = 0, expand: isExpanded = false } = query
      const limit = Math.min(query.limit ?? 1000, isExpanded ? 50 : 1000)
      const page: { path: string; entry: Entry }[] = []
      let index = -1
      let hasMore = false
      for await (const item of walkTree(hub.database, folder.oid, path, query.recursive ?? false)) {
        index += 1
        if (index < cursor) continue
        if (page.length === limit) {
          hasMore = true
          break
        }
        page.push(item)
      }
      if (hasMore) context.header('Link', nextLink(origin, context.req.url, { cursor: String(cursor + limit) }))
      context.header('X-Repo-Commit', commit.id)
      return context.json(await describeEntries(call, commit, page, isExpanded))
    },
  ),
  datasetRoute(
    {
      method: 'POST',
      path: '/api/datasets/:namespace/:name/paths-info/:rest{.+}',
      summary: 'Facts of named files and folders at a revision; unknown ones are left out. JSON or form.',
      right: 'listing',
      body: PathsInfo,
      reply: z.array(EntryInfo),
    },
    async (call) => {
      const { hub, context, dataset } = call
      const { commit } = await splitRevision(hub.database, dataset, decodeSegments(rawPath(call), 5))
      const { paths, expand } = await readPathsInfo(context)
      const found: { path: string; entry: Entry }[] = []
      for (const path of paths) {
        const entry = await findEntry(hub.database, commit.tree, path.replace(/\/+$/, ''))
        if (entry && path !== '') found.push({ path: path.replace(/\/+$/, ''), entry })
      }
      return context.json(await describeEntries(call, commit, found, expand))
    },
  ),
  datasetRoute(
    {
      method: 'GET',
      path: '/datasets/:namespace/:name/resolve/:rest{.+}',
      summary: 'A file at a revision, whole or by range; HEAD tells commit, ETag and size',
      right: 'release',
    },
    async (call) => {
      const { hub, context, dataset, actor } = call
      const { commit, path } = await splitRevision(hub.database, dataset, decodeSegments(rawPath(call), 4), knownRefs)
      const entry = await findEntry(hub.database, commit.tree, path)
      if (entry?.type !== 'file') throw entryNotFound(dataset.fullName, path, commit.id)
      const reason = (await knownWithdrawals(hub.database, dataset)).get(entry.sha256)
      if (reason !== undefined) throw entryWithdrawn(path, reason, commit.id)
      context.header('X-Repo-Commit', commit.id)
      return serveContent(call, {
        sha256: entry.sha256,
        sizeBytes: entry.sizeBytes,
        etag: entry.isLarge ? entry.sha256 : entry.oid,
        path,
        event: { actor, action: 'file.downloaded', dataset: dataset.fullName, revision: commit.id, path },
      })
    },
  ),
]

async function readPathsInfo(context: DatasetCall['context']): Promise<z.infer<typeof PathsInfo>> {
  const bytes = await readBytes(context, 4 * 1024 * 1024)
  if (!context.req.header('content-type')?.startsWith('application/x-www-form-urlencoded')) return parseInput(parseJson(bytes), PathsInfo)
  const form = new URLSearchParams(bytes.toString('utf8'))
  return parseInput({ paths: form.getAll('paths'), expand: form.get('expand')?.toLowerCase() === 'true' }, PathsInfo)
}

async function describeEntries(
  call: DatasetCall,
  commit: Commit,
  entries: readonly { path: string; entry: Entry }[],
  isExpanded: boolean,
): Promise<EntryInfo[]> {
  const changes = isExpanded ? await lastChanges(call, commit, entries) : new Map<string, Commit>()
  return entries.map(({ path, entry }) => {
    const last = changes.get(path)
    const expanded = last ? { lastCommit: { id: last.id, title: last.title, date: last.createdAt.toISOString() } } : {}
    if (entry.type === 'directory') return { type: 'directory', path, oid: entry.oid, size: 0, ...expanded }
    const { oid, sizeBytes, sha256 } = entry
    const lfs = entry.isLarge ? { lfs: { oid: sha256, size: sizeBytes, pointerSize: pointerSize(sha256, sizeBytes) } } : {}
    return { type: 'file', path, oid, size: sizeBytes, ...lfs, ...expanded }
  })
}

/** For each path, the newest commit in which it is not what it was in the commit's parent. */
async function lastChanges(
  call: DatasetCall,
  commit: Commit,
  entries: readonly { path: string; entry: Entry }[],
): Promise<Map<string, Commit>> {
  const { hub, dataset } = call
  const history = await listCommits(hub.database, dataset, commit, HISTORY, 0)
  const found = new Map<string, Commit>()
  for (const [index, one] of history.entries()) {
    const parent = history[index + 1]
    for (const { path, entry } of entries) {
      if (found.has(path)) continue
      const before = parent ? await findEntry(hub.database, parent.tree, path) : undefined
      if (before?.oid !== entry.oid) found.set(path, one)
    }
    if (found.size === entries.length) break
  }
  return found
}
