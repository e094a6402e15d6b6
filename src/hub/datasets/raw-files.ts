import { z } from 'zod'
import { contentName } from '../../storage/blobs.ts'
import type { Queries } from '../../storage/database.ts'
import type { Hub } from '../hub.ts'
import { forgetLocal } from './local.ts'
import type { Dataset } from './store.ts'

const RawFile = z
  .object({ path: z.string(), sha256: z.string(), size_bytes: z.number(), withdrawn_reason: z.string().nullable() })
  .transform(({ size_bytes, withdrawn_reason, ...rest }) => ({ ...rest, sizeBytes: size_bytes, withdrawnReason: withdrawn_reason }))
/** A file of a dataset's raw data; with `withdrawnReason` its bytes are gone. */
export type RawFile = z.infer<typeof RawFile>

const columns = 'path, sha256, size_bytes, withdrawn_reason'

/** The raw files of a dataset, withdrawn ones too, by path. */
export function listRawFiles(hub: Hub, dataset: Dataset): Promise<RawFile[]> {
  return hub.database.select(RawFile, `select ${columns} from raw_files where dataset_id = $1 order by path`, [dataset.id])
}

/** One raw file; undefined where there never was one or it was removed. */
export async function findRawFile(hub: Hub, dataset: Dataset, path: string): Promise<RawFile | undefined> {
  const sql = `select ${columns} from raw_files where dataset_id = $1 and path = $2`
  return (await hub.database.select(RawFile, sql, [dataset.id, path]))[0]
}

/** Puts a file in its place, also in that of a withdrawn one. */
export async function setRawFile(
  queries: Queries,
  dataset: Dataset,
  { path, sha256, sizeBytes, at }: { path: string; sha256: string; sizeBytes: number; at: Date },
): Promise<void> {
  await queries.change(
    `insert into raw_files (dataset_id, path, sha256, size_bytes, uploaded_at) values ($1, $2, $3, $4, $5)
     on conflict (dataset_id, path) do update set sha256 = excluded.sha256, size_bytes = excluded.size_bytes, uploaded_at = excluded.uploaded_at, withdrawn_reason = null, erased_at = null`,
    [dataset.id, path, sha256, sizeBytes, at],
  )
}

/** Bytes of a raw file are no longer given out. The deletions' task erases them from the store. */
export async function withdrawRawFile(
  queries: Queries,
  dataset: Dataset,
  { path, reason }: { path: string; reason: string },
): Promise<void> {
  await queries.change('update raw_files set withdrawn_reason = $3 where dataset_id = $1 and path = $2', [dataset.id, path, reason])
}

/** Erases content that nothing names: no dataset's revisions, but for those of the one where it is withdrawn, and no raw data. */
export async function eraseUnused(hub: Hub, sha256: string, withdrawnIn?: Dataset): Promise<void> {
  const others = await hub.database.select(
    z.object({ sha256: z.string() }),
    `select sha256 from contents where sha256 = $1 and dataset_id <> $2
     union all select sha256 from raw_files where sha256 = $1 and withdrawn_reason is null`,
    [sha256, withdrawnIn?.id ?? ''],
  )
  if (others.length > 0) return
  await hub.blobs.remove(contentName(sha256))
  await forgetLocal(hub, { sha256 })
}
