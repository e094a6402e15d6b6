import { z } from 'zod'
import type { Queries } from '../../storage/database.ts'
import { revisionNotFound } from '../errors.ts'
import type { Dataset } from './store.ts'

/** A commit. `position` counts a dataset's commits from 0 in the order they were made. */
export interface Commit {
  id: string
  position: number
  parent: string | null
  tree: string
  title: string
  message: string
  author: string
  createdAt: Date
}

/** A branch or tag and the commit it names. */
export interface Ref {
  kind: 'branch' | 'tag'
  name: string
  target: string
}

const CommitRow: z.ZodType<Commit> = z
  .object({
    id: z.string(),
    position: z.number(),
    parent: z.string().nullable(),
    tree: z.string(),
    title: z.string(),
    message: z.string(),
    author: z.string(),
    created_at: z.date(),
  })
  .transform(({ created_at, ...rest }) => ({ ...rest, createdAt: created_at }))

const RefRow: z.ZodType<Ref> = z.object({ kind: z.enum(['branch', 'tag']), name: z.string(), target: z.string() })

/** How a dataset's branches and tags are read: anew, or as `known.ts` keeps them. */
export type ReadRefs = (queries: Queries, dataset: Dataset) => Promise<Ref[]>

/** A dataset's branches and tags, by name. */
export function listRefs(queries: Queries, dataset: Dataset): Promise<Ref[]> {
  return queries.select(RefRow, 'select kind, name, target from refs where dataset_id = $1 order by kind, name', [dataset.id])
}

/** Commits never change, so the last ones asked for are kept. */
const kept = new Map<string, Commit>()
const KEPT = 1000

/** The commit of an id. */
export async function findCommit(queries: Queries, dataset: Dataset, id: string): Promise<Commit | undefined> {
  const key = `${dataset.id} ${id}`
  const known = kept.get(key)
  if (known) return known
  const [commit] = await queries.select(CommitRow, 'select * from commits where dataset_id = $1 and id = $2', [dataset.id, id])
  if (!commit) return undefined
  if (kept.size >= KEPT) for (const first of kept.keys()) if (kept.delete(first)) break
  kept.set(key, commit)
  return commit
}

/**
 * The commit that a revision names: 40 hex digits, a branch, a tag, `HEAD` (the main branch), or either with `refs/heads/` or `refs/tags/` before it.
 * @throws HubError 404 `RevisionNotFound`.
 */
export async function resolveRevision(
  queries: Queries,
  dataset: Dataset,
  revision: string,
  readRefs: ReadRefs = listRefs,
): Promise<Commit> {
  const target = /^[0-9a-f]{40}$/.test(revision) ? revision : nameTarget(await readRefs(queries, dataset), revision)
  const commit = target === undefined ? undefined : await findCommit(queries, dataset, target)
  if (!commit) throw revisionNotFound(dataset.fullName, revision.slice(0, 200))
  return commit
}

/**
 * Tells where the revision ends and the path begins in decoded URL segments. An encoded revision is one segment; clients that do not encode
 * spread `refs/convert/parquet` or a branch with slashes over several, so the longest name that exists wins.
 * @throws HubError 404 `RevisionNotFound`.
 */
export async function splitRevision(
  queries: Queries,
  dataset: Dataset,
  segments: readonly string[],
  readRefs: ReadRefs = listRefs,
): Promise<{ commit: Commit; revision: string; path: string }> {
  const [first = ''] = segments
  for (let count = Math.min(segments.length, first === 'refs' ? 6 : 4); count > 1; count -= 1) {
    const revision = segments.slice(0, count).join('/')
    const target = nameTarget(await readRefs(queries, dataset), revision)
    const commit = target === undefined ? undefined : await findCommit(queries, dataset, target)
    if (commit) return { commit, revision, path: segments.slice(count).join('/') }
    if (/^[0-9a-f]{40}$/.test(first) || first === 'main' || first === 'HEAD') break
  }
  return { commit: await resolveRevision(queries, dataset, first, readRefs), revision: first, path: segments.slice(1).join('/') }
}

/** Commits from one back to the first, newest first: a page of `limit` behind `skip`. */
export async function listCommits(queries: Queries, dataset: Dataset, from: Commit, limit: number, skip: number): Promise<Commit[]> {
  return queries.select(
    CommitRow,
    `with recursive line as (
       select * from commits where dataset_id = $1 and id = $2
       union all
       select commits.* from commits join line on commits.dataset_id = line.dataset_id and commits.id = line.parent
     ) select * from line order by position desc limit $3 offset $4`,
    [dataset.id, from.id, limit, skip],
  )
}

/** Every commit of a dataset, of whatever branch, newest first. */
export function listAllCommits(queries: Queries, dataset: Dataset): Promise<Commit[]> {
  return queries.select(CommitRow, 'select * from commits where dataset_id = $1 order by position desc, id', [dataset.id])
}

function nameTarget(refs: readonly Ref[], revision: string): string | undefined {
  const name = revision === 'HEAD' ? 'main' : revision
  const found =
    refs.find((ref) => ref.kind === 'branch' && (ref.name === name || `refs/heads/${ref.name}` === name)) ??
    refs.find((ref) => ref.kind === 'tag' && (ref.name === name || `refs/tags/${ref.name}` === name))
  return found?.target
}
