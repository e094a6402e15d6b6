import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parquetReadObjects, parquetSchema } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { contentName } from '../../storage/blobs.ts'
import { findWithdrawal } from '../datasets/content.ts'
import type { FileEntry } from '../datasets/git.ts'
import { parquetBuffer, readFooter } from '../datasets/parquet.ts'
import { listRawFiles, type RawFile } from '../datasets/raw-files.ts'
import { listAllCommits } from '../datasets/revisions.ts'
import type { Dataset } from '../datasets/store.ts'
import { listFiles } from '../datasets/trees.ts'
import type { Hub } from '../hub.ts'

/** What is looked for: conversations by id, people by their keyed hash. */
export interface Wanted {
  conversations: ReadonlySet<string>
  users: ReadonlySet<string>
}

/** A conversation that was found, with its person's hash where the file has that column. */
export interface Found {
  id: string
  user: string | null
}

/** A stored file that holds something wanted, at the newest revision that has it. `rows` are those of a Parquet file. */
export interface Holder {
  path: string
  revision: string
  entry: FileEntry
  rows: Found[]
}

type Content = Pick<FileEntry, 'sha256' | 'sizeBytes'>

/** Every file of any revision that holds something wanted and is not withdrawn yet; each content once. */
export async function findHolders(hub: Hub, dataset: Dataset, wanted: Wanted): Promise<Holder[]> {
  const seen = new Set<string>()
  const holders: Holder[] = []
  for (const commit of await listAllCommits(hub.database, dataset)) {
    for (const [path, entry] of await listFiles(hub.database, commit.tree)) {
      if (seen.has(entry.sha256)) continue
      seen.add(entry.sha256)
      const rows = await searchFile(hub, dataset, { path, entry }, wanted)
      if (rows) holders.push({ path, revision: commit.id, entry, rows })
    }
  }
  return holders
}

/** Paths of the files of one revision that hold something wanted. */
export async function findHoldersAt(hub: Hub, dataset: Dataset, tree: string, wanted: Wanted): Promise<string[]> {
  const paths: string[] = []
  for (const [path, entry] of await listFiles(hub.database, tree))
    if (await searchFile(hub, dataset, { path, entry }, wanted)) paths.push(path)
  return paths
}

/** Raw files that name something wanted: rows of Parquet, words of anything else, gzip opened. */
export async function findRawHolders(hub: Hub, dataset: Dataset, wanted: Wanted): Promise<RawFile[]> {
  const holders: RawFile[] = []
  for (const file of await listRawFiles(hub, dataset)) {
    if (file.withdrawnReason === null && (await searchContent(hub, file.path, file, wanted))) holders.push(file)
  }
  return holders
}

/** What a file holds of what is wanted; undefined where that is nothing, or its bytes are withdrawn. */
async function searchFile(
  hub: Hub,
  dataset: Dataset,
  { path, entry }: { path: string; entry: FileEntry },
  wanted: Wanted,
): Promise<Found[] | undefined> {
  if (await findWithdrawal(hub, dataset, entry)) return undefined
  return searchContent(hub, path, entry, wanted)
}

async function searchContent(hub: Hub, path: string, entry: Content, wanted: Wanted): Promise<Found[] | undefined> {
  if (!path.endsWith('.parquet')) return (await holdsWord(hub, path, entry, wanted)) ? [] : undefined
  const rows = await findRows(hub, entry, wanted)
  return rows.length > 0 ? rows : undefined
}

/** Reads the columns that tell and nothing else. What is no Parquet, or has no such column, holds no row that could be named. */
async function findRows(hub: Hub, entry: Content, wanted: Wanted): Promise<Found[]> {
  const metadata = await readFooter(hub, entry).catch(() => undefined)
  if (!metadata) return []
  const present = parquetSchema(metadata).children.map(({ element }) => element.name)
  const columns = ['conversation_id', 'id', 'user'].filter((name) => present.includes(name))
  if (columns.length === 0) return []
  const file = parquetBuffer(hub, entry)
  const found: Found[] = []
  let rowStart = 0
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows)
    for (const row of await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd, columns })) {
      const id = String(row.conversation_id ?? row.id)
      const user = typeof row.user === 'string' ? row.user : null
      if (wanted.conversations.has(id) || (user !== null && wanted.users.has(user))) found.push({ id, user })
    }
    rowStart = rowEnd
  }
  return found
}

/** Looks for ids as whole words of a text; words may be cut by the pieces that the file comes in. */
async function holdsWord(hub: Hub, path: string, entry: Content, wanted: Wanted): Promise<boolean> {
  let rest = ''
  const has = (word: string) => wanted.conversations.has(word) || wanted.users.has(word)
  const stored = hub.blobs.read(contentName(entry.sha256))
  for await (const chunk of path.endsWith('.gz') ? Readable.from(stored).pipe(createGunzip()) : stored) {
    const words = (rest + Buffer.from(chunk).toString('latin1')).split(/[^\w-]+/)
    rest = words.pop()?.slice(-1000) ?? ''
    if (words.some(has)) return true
  }
  return has(rest)
}
