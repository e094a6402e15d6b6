import { z } from 'zod'
import type { Queries } from '../../storage/database.ts'
import { sha256Of } from '../datasets/content.ts'
import type { FileEntry } from '../datasets/git.ts'
import { localPath } from '../datasets/local.ts'
import type { Dataset } from '../datasets/store.ts'
import { queueErasure } from '../datasets/stored.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { datasetRoute, type Route } from '../routes.ts'
import { findWord } from './search.ts'

type Content = Pick<FileEntry, 'sha256' | 'sizeBytes'>

const Stone = z.object({ subject_hash: z.string() })

/** Remembers what was deleted on request, by hashes: neither a conversation nor a person's later ones may come back with an upload. */
export async function setTombstones(
  queries: Queries,
  dataset: Dataset,
  given: { ticket: string; subjects: Iterable<string>; at: Date },
): Promise<void> {
  const hashes = [...new Set(given.subjects)].map((subject) => sha256Of(Buffer.from(subject)))
  await queries.change(
    'insert into tombstones (dataset_id, subject_hash, ticket, made_at) select $1, unnest($2::text[]), $3, $4 on conflict do nothing',
    [dataset.id, hashes, given.ticket, given.at],
  )
}

/** SHA-256 of every conversation id and person's hash that was deleted from a dataset on request. */
export async function listTombstones(queries: Queries, dataset: Dataset): Promise<string[]> {
  const sql = 'select subject_hash from tombstones where dataset_id = $1 order by subject_hash'
  return (await queries.select(Stone, sql, [dataset.id])).map(({ subject_hash }) => subject_hash)
}

/**
 * Refuses files that would bring back what was deleted: Parquet files with a row of it, and other files that have its id as a word. These bytes are
 * erased again.
 * @throws HubError 422 `DeletedOnRequest`, naming the conversations.
 */
export async function refuseDeleted(
  hub: Hub,
  dataset: Dataset,
  files: ReadonlyMap<string, Pick<FileEntry, 'sha256' | 'sizeBytes'>>,
): Promise<void> {
  const stones = new Set(await listTombstones(hub.database, dataset))
  if (stones.size === 0) return
  const held: string[] = []
  const ids = new Set<string>()
  for (const [path, { sha256, sizeBytes }] of files) {
    const content = { sha256, sizeBytes }
    const found = (path.endsWith('.parquet') && (await readNamed(hub, content, stones))) || (await readWords(hub, path, content, stones))
    if (found.length === 0) continue
    held.push(sha256)
    for (const { id } of found) ids.add(id)
  }
  if (held.length === 0) return
  await hub.database.transaction(async (queries) => {
    for (const sha256 of held) {
      await queries.change('delete from contents where dataset_id = $1 and sha256 = $2', [dataset.id, sha256])
      await queueErasure(queries, sha256)
    }
  })
  hub.wake('erasures')
  const names = [...ids].slice(0, 5).join(', ')
  throw new HubError(
    422,
    'DeletedOnRequest',
    `These files hold ${ids.size} conversation${ids.size === 1 ? '' : 's'} that ${ids.size === 1 ? 'was' : 'were'} deleted from ${dataset.fullName} on request: ${names}${ids.size > 5 ? ', …' : ''}. 'colloquy publish' takes them out of a release by itself.`,
  )
}

/** Rows of a Parquet file; undefined where it only calls itself one. */
async function readNamed(hub: Hub, content: Content, hashes: ReadonlySet<string>): Promise<{ id: string }[] | undefined> {
  try {
    const file = { path: await localPath(hub, content), sizeBytes: content.sizeBytes }
    return await hub.indexes.comparers.ask('namedRows', { file, conversations: new Set(), users: new Set(), hashes })
  } catch (error) {
    if (error instanceof HubError && error.code === 'DamagedFile') return undefined
    throw error
  }
}

/** Shorter words are numbers and names that mean other things elsewhere. */
const SHORTEST = 8
/** Words that were looked at are remembered, since texts repeat them, up to so many. */
const REMEMBERED = 200_000

async function readWords(hub: Hub, path: string, content: Content, hashes: ReadonlySet<string>): Promise<{ id: string }[]> {
  let seen = new Set<string>()
  const id = await findWord(hub, path, content, (word) => {
    if (word.length < SHORTEST || seen.has(word)) return false
    if (seen.size >= REMEMBERED) seen = new Set()
    seen.add(word)
    return hashes.has(sha256Of(Buffer.from(word)))
  })
  return id === undefined ? [] : [{ id }]
}

/** What an upload must be without. */
export const tombstoneRoutes: Route[] = [
  datasetRoute(
    {
      method: 'GET',
      path: '/api/datasets/:namespace/:name/tombstones',
      summary: 'SHA-256 of the conversation ids and people’s hashes that were deleted on request: uploads that hold them are refused',
      right: 'write',
      reply: z.array(z.string()),
    },
    async ({ hub, context, dataset }) => context.json(await listTombstones(hub.database, dataset)),
  ),
]
