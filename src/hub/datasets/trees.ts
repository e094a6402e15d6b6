import { z } from 'zod'
import type { Queries } from '../../storage/database.ts'
import { type Entry, type FileEntry, hashTree, sortEntries } from './git.ts'

const File = z.object({
  type: z.literal('file'),
  name: z.string(),
  oid: z.string(),
  sha256: z.string(),
  sizeBytes: z.number(),
  isLarge: z.boolean(),
})
const Folder = z.object({ type: z.literal('directory'), name: z.string(), oid: z.string() })
const TreeRow = z.object({ entries: z.array(z.discriminatedUnion('type', [File, Folder])) })

/** Folders never change, so the last ones read are kept: 2,000 of them. */
const kept = new Map<string, Entry[]>()
const KEPT = 2000

/** The entries of a folder by its id, in git's order. */
export async function loadTree(queries: Queries, oid: string): Promise<Entry[]> {
  const known = kept.get(oid)
  if (known) return known
  const [row] = await queries.select(TreeRow, 'select entries from trees where oid = $1', [oid])
  if (!row) throw new Error(`tree ${oid} is missing from the database`)
  if (kept.size >= KEPT) for (const first of kept.keys()) if (kept.delete(first)) break
  kept.set(oid, row.entries)
  return row.entries
}

/** Stores a folder and gives its id. */
export async function storeTree(queries: Queries, entries: readonly Entry[]): Promise<string> {
  const sorted = sortEntries(entries)
  const oid = hashTree(sorted)
  await queries.change('insert into trees (oid, entries) values ($1, $2::jsonb) on conflict do nothing', [oid, JSON.stringify(sorted)])
  return oid
}

/** The entry at a path, or undefined. The empty path is the root folder. */
export async function findEntry(queries: Queries, root: string, path: string): Promise<Entry | undefined> {
  let entry: Entry = { type: 'directory', name: '', oid: root }
  for (const name of path === '' ? [] : path.split('/')) {
    if (entry.type === 'file') return undefined
    const found: Entry | undefined = (await loadTree(queries, entry.oid)).find((one) => one.name === name)
    if (!found) return undefined
    entry = found
  }
  return entry
}

/** Everything below a folder with its whole path, in git's order: one level, or all of them. */
export async function* walkTree(
  queries: Queries,
  oid: string,
  folder: string,
  isRecursive: boolean,
): AsyncIterable<{ path: string; entry: Entry }> {
  for (const entry of await loadTree(queries, oid)) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    yield { path, entry }
    if (isRecursive && entry.type === 'directory') yield* walkTree(queries, entry.oid, path, true)
  }
}

/** All files of a revision by path. */
export async function listFiles(queries: Queries, root: string): Promise<Map<string, FileEntry>> {
  const files = new Map<string, FileEntry>()
  for await (const { path, entry } of walkTree(queries, root, '', true)) if (entry.type === 'file') files.set(path, entry)
  return files
}

/** A change to a folder's content: files to set, files and folders to take away. A path taken away that is not there is no error. */
export interface TreeChanges {
  set: ReadonlyMap<string, Omit<FileEntry, 'name' | 'type'>>
  remove: ReadonlySet<string>
}

/** Applies changes to a folder (undefined: a new one) and stores what changed; gives the new id. Removal comes first. Empty folders vanish. */
export async function changeTree(queries: Queries, root: string | undefined, changes: TreeChanges): Promise<string> {
  const node: Node = { children: new Map() }
  for (const path of changes.remove) nodeAt(node, path).isRemoved = true
  for (const [path, file] of changes.set) nodeAt(node, path).file = file
  return (await applyNode(queries, root, node)) ?? storeTree(queries, [])
}

interface Node {
  children: Map<string, Node>
  isRemoved?: boolean
  file?: Omit<FileEntry, 'name' | 'type'>
}

function nodeAt(root: Node, path: string): Node {
  let node = root
  for (const name of path.split('/')) {
    const next = node.children.get(name) ?? { children: new Map() }
    node.children.set(name, next)
    node = next
  }
  return node
}

async function applyNode(queries: Queries, oid: string | undefined, node: Node): Promise<string | undefined> {
  const entries = new Map<string, Entry>((oid === undefined ? [] : await loadTree(queries, oid)).map((entry) => [entry.name, entry]))
  for (const [name, child] of node.children) {
    if (child.isRemoved) entries.delete(name)
    if (child.file) entries.set(name, { type: 'file', name, ...child.file })
    if (child.children.size > 0 && !child.file) {
      const before = entries.get(name)
      const folder = await applyNode(queries, before?.type === 'directory' ? before.oid : undefined, child)
      if (folder) entries.set(name, { type: 'directory', name, oid: folder })
      else if (before?.type === 'directory') entries.delete(name)
    }
  }
  return entries.size === 0 ? undefined : storeTree(queries, [...entries.values()])
}
