import { z } from 'zod'
import { contentName } from '../../storage/blobs.ts'
import type { Queries } from '../../storage/database.ts'
import type { BackgroundTask } from '../background.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { forgetLocal } from './local.ts'
import type { Dataset } from './store.ts'

/** Erases from the store what deleted datasets and raw files held, and goes on with what a kill has cut. */
export const erasureTask: BackgroundTask = { name: 'erasures', everyMs: 60 * 60_000, run: eraseQueued }

interface Content {
  sha256: string
  sizeBytes: number
}

const Named = z.object({ sha256: z.string() })

/**
 * Notes that stored content belongs to a dataset: only its commits may name it.
 * @throws HubError 409 `ContentErased` where the store lost it meanwhile, because the last dataset that named it was deleted.
 */
export async function ownContent(hub: Hub, dataset: string, content: Content): Promise<void> {
  await hub.database.transaction((queries) => ownContentIn(hub, queries, dataset, content))
}

/** The same inside a transaction of the caller's. */
export async function ownContentIn(hub: Hub, queries: Queries, dataset: string, { sha256, sizeBytes }: Content): Promise<void> {
  await checkStored(hub, queries, sha256)
  await queries.change('insert into contents (dataset_id, sha256, size_bytes) values ($1, $2, $3) on conflict do nothing', [
    dataset,
    sha256,
    sizeBytes,
  ])
}

/** Makes sure that the store has a content, and keeps it there until the transaction ends. @throws HubError 409 `ContentErased`. */
export async function checkStored(hub: Hub, queries: Queries, sha256: string): Promise<void> {
  await lock(queries, sha256)
  if ((await hub.blobs.size(contentName(sha256))) === undefined)
    throw new HubError(409, 'ContentErased', 'This content was erased while it was sent. Send it again.')
}

/** Has the contents of a dataset that is about to be deleted, its raw files' too, erased afterwards. */
export async function queueErasures(queries: Queries, dataset: Dataset): Promise<void> {
  await queries.change(
    `insert into erasures (sha256) select sha256 from contents where dataset_id = $1 union select sha256 from raw_files where dataset_id = $1
     union select sha256 from withdrawals where dataset_id = $1 on conflict do nothing`,
    [dataset.id],
  )
}

/** Has one content erased afterwards. */
export async function queueErasure(queries: Queries, sha256: string): Promise<void> {
  await queries.change('insert into erasures (sha256) values ($1) on conflict do nothing', [sha256])
}

/** Erases what is queued and named by nothing else. */
export async function eraseQueued(hub: Hub): Promise<void> {
  for (const { sha256 } of await hub.database.select(Named, 'select sha256 from erasures order by sha256')) {
    await eraseUnused(hub, sha256)
    await hub.database.change('delete from erasures where sha256 = $1', [sha256])
  }
}

/** Erases content that nothing names: no dataset's revisions, but for those of the one where it is withdrawn, and no raw data. */
export async function eraseUnused(hub: Hub, sha256: string, withdrawnIn?: Dataset): Promise<void> {
  await hub.database.transaction(async (queries) => {
    await lock(queries, sha256)
    const others = await queries.select(
      Named,
      `select sha256 from contents where sha256 = $1 and dataset_id <> $2
       union all select sha256 from raw_files where sha256 = $1 and withdrawn_reason is null`,
      [sha256, withdrawnIn?.id ?? ''],
    )
    if (others.length > 0) return
    await hub.blobs.remove(contentName(sha256))
    await forgetLocal(hub, { sha256 })
  })
}

/** Between the look for who names a content and its erasure nobody may begin to name it. Held to the transaction's end. */
async function lock(queries: Queries, sha256: string): Promise<void> {
  await queries.select(z.object({ locked: z.literal(1) }), 'select 1 as locked from pg_advisory_xact_lock(hashtextextended($1, 0))', [
    sha256,
  ])
}
