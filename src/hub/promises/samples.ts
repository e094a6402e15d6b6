import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { findWithdrawals } from '../datasets/content.ts'
import { type Commit, resolveRevision } from '../datasets/revisions.ts'
import type { Dataset, DatasetSettings } from '../datasets/store.ts'
import type { Hub } from '../hub.ts'
import type { LocalFile } from '../index/parquet.ts'
import { findSplits } from '../viewer/layout.ts'
import { sourceOf } from '../viewer/source.ts'

const none: ReadonlySet<string> = new Set()
const Rows = z.array(z.object({ row: z.record(z.string(), z.unknown()) }))

/**
 * Where the rows that an owner shows to everyone stand in a new revision, found by their conversations' ids. Those that are not there any more, or not
 * as they were picked, fall out. Undefined where there is nothing to move, or it cannot be read.
 */
export async function movedSamples(
  hub: Hub,
  dataset: Dataset,
  to: Commit,
): Promise<Required<Pick<DatasetSettings, 'sampleRows' | 'sampleRevision'>> | undefined> {
  const { sampleRows, sampleRevision } = dataset.settings
  if (sampleRows.length === 0 || !sampleRevision || sampleRevision === to.id) return undefined
  try {
    const [before] = await findSplits(hub, dataset, await resolveRevision(hub.database, dataset, sampleRevision))
    const [after] = await findSplits(hub, dataset, to)
    if (!before || !after || before.config !== after.config || before.split !== after.split) return undefined
    const withdrawals = await findWithdrawals(hub.database, dataset)
    if ([...before.files, ...after.files].some(({ entry }) => withdrawals.has(entry.sha256))) return undefined
    const picked = new Map<string, string>()
    const old = await sourceOf(hub, before).find()
    for (const row of sampleRows) for (const [id, text] of await readRow(hub, old, row)) picked.set(id, text)
    const files = await sourceOf(hub, after).find()
    const places = await placesOf(hub, files, new Set(picked.keys()))
    const kept: number[] = []
    for (const [id, text] of picked) {
      const place = places.get(id)
      if (place !== undefined && (await readRow(hub, files, place)).get(id) === text) kept.push(place)
    }
    return { sampleRows: kept, sampleRevision: to.id }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    hub.log.warn('samples.left', { code: error.code })
    return undefined
  }
}

/** One row's id and its text as JSON; nothing behind the last row. */
async function readRow(hub: Hub, files: LocalFile[], offset: number): Promise<Map<string, string>> {
  const page = await hub.indexes.strangers.ask('parquetRows', { files, offset, length: 1 })
  const rows = Rows.parse(JSON.parse(Buffer.from(page.rows).toString('utf8')))
  return new Map(rows.map(({ row }) => [String(row.conversation_id ?? row.id), JSON.stringify(row)]))
}

async function placesOf(hub: Hub, files: readonly LocalFile[], conversations: ReadonlySet<string>): Promise<Map<string, number>> {
  const places = new Map<string, number>()
  let before = 0
  for (const file of files) {
    for (const { id, row } of await hub.indexes.comparers.ask('namedRows', { file, conversations, users: none }))
      if (!places.has(id)) places.set(id, before + row)
    before += (await hub.indexes.strangers.ask('facts', { files: [file] })).rows
  }
  return places
}
