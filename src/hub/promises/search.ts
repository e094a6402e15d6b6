import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AppError } from '../../errors.ts'
import { contentName } from '../../storage/blobs.ts'
import { findWithdrawal } from '../datasets/content.ts'
import type { FileEntry } from '../datasets/git.ts'
import { localPath } from '../datasets/local.ts'
import { listRawFiles, type RawFile } from '../datasets/raw-files.ts'
import { listAllCommits } from '../datasets/revisions.ts'
import type { Dataset } from '../datasets/store.ts'
import { listFiles } from '../datasets/trees.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import type { NamedRow } from '../index/named-rows.ts'

/** What is looked for: conversations by id, people by their keyed hash. */
export interface Wanted {
  conversations: ReadonlySet<string>
  users: ReadonlySet<string>
}

/** A stored file that holds something wanted, at the newest revision that has it. `rows` are those of a Parquet file. */
export interface Holder {
  path: string
  revision: string
  entry: FileEntry
  rows: NamedRow[]
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
): Promise<NamedRow[] | undefined> {
  if (await findWithdrawal(hub, dataset, entry)) return undefined
  return searchContent(hub, path, entry, wanted)
}

async function searchContent(hub: Hub, path: string, entry: Content, wanted: Wanted): Promise<NamedRow[] | undefined> {
  if (path.endsWith('.parquet')) {
    try {
      const rows = await findRows(hub, path, entry, wanted)
      return rows.length > 0 ? rows : undefined
    } catch (error) {
      // What only calls itself Parquet is read as anything else is.
      if (!(error instanceof HubError) || error.code !== 'DamagedFile') throw error
    }
  }
  const isWanted = (word: string) => wanted.conversations.has(word) || wanted.users.has(word)
  return (await findWord(hub, path, entry, isWanted)) === undefined ? undefined : []
}

/** @throws AppError `deletion-unread` for a file that takes more time or memory than a thread may. */
async function findRows(hub: Hub, path: string, entry: Content, wanted: Wanted): Promise<NamedRow[]> {
  try {
    const file = { path: await localPath(hub, entry), sizeBytes: entry.sizeBytes }
    return await hub.indexes.comparers.ask('namedRows', { file, ...wanted })
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== 'TooBigContentError') throw error
    throw new AppError(
      'deletion-unread',
      `'${path}' cannot be searched: reading it takes too long. Withdraw it by hand, then accept again.`,
    )
  }
}

/** The first whole word of a text that is wanted, as ids stand in it; the text may be packed by gzip. Words may be cut by the pieces that it comes in. */
export async function findWord(hub: Hub, path: string, entry: Content, isWanted: (word: string) => boolean): Promise<string | undefined> {
  const stored = () => hub.blobs.read(contentName(entry.sha256))
  if (!path.endsWith('.gz')) return firstWord(stored(), isWanted)
  try {
    return await firstWord(Readable.from(stored()).pipe(createGunzip()), isWanted)
  } catch {
    return firstWord(stored(), isWanted)
  }
}

async function firstWord(chunks: AsyncIterable<Uint8Array>, isWanted: (word: string) => boolean): Promise<string | undefined> {
  let rest = ''
  for await (const chunk of chunks) {
    const words = (rest + Buffer.from(chunk).toString('latin1')).split(/[^\w-]+/)
    rest = words.pop()?.slice(-1000) ?? ''
    const found = words.find(isWanted)
    if (found !== undefined) return found
  }
  return isWanted(rest) ? rest : undefined
}
