import { z } from 'zod'
import type { Queries } from '../../storage/database.ts'
import type { Hub } from '../hub.ts'
import type { Dataset } from './store.ts'
import { checkStored } from './stored.ts'

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

/** Puts stored content in a path's place, also in that of a withdrawn file. @throws HubError 409 `ContentErased`. */
export async function setRawFile(
  hub: Hub,
  queries: Queries,
  dataset: Dataset,
  { path, sha256, sizeBytes, at }: { path: string; sha256: string; sizeBytes: number; at: Date },
): Promise<void> {
  await checkStored(hub, queries, sha256)
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
