import { z } from 'zod'
import type { Viewer } from '../accounts/viewer.ts'
import { findWithdrawals } from '../datasets/content.ts'
import { localPath } from '../datasets/local.ts'
import { type Commit, resolveRevision } from '../datasets/revisions.ts'
import { type Dataset, DatasetRow, findDataset } from '../datasets/store.ts'
import { HubError } from '../errors.ts'
import { decide } from '../gate/access.ts'
import type { Hub } from '../hub.ts'
import { findSplits, type Split } from '../viewer/layout.ts'

/** A table: all splits of the first configuration of a dataset as `ns/name`, or one split as `ns/name/config/split`. */
export interface Table {
  name: string
  dataset: Dataset
  commit: Commit
  splits: Split[]
}

/** Datasets whose tables are listed. */
const MAX_LISTED = 200

/** The tables of releases that a viewer may read, by name. */
export async function listTables(hub: Hub, viewer: Viewer): Promise<Table[]> {
  const tables: Table[] = []
  for (const dataset of await hub.database.select(DatasetRow, 'select * from datasets order by namespace, name limit $1', [MAX_LISTED])) {
    if (!(await decide(hub, viewer, dataset, 'release')).isAllowed) continue
    tables.push(...(await tablesAt(hub, dataset, 'main')))
  }
  return tables
}

/**
 * The table of a name, at the main branch or, behind `@`, at another revision.
 * @throws HubError 404 `TableNotFound`: the same whether there is none or it may not be read.
 */
export async function findTable(hub: Hub, viewer: Viewer, name: string): Promise<Table> {
  const [path = '', revision = 'main'] = name.split('@')
  const [namespace = '', own = ''] = path.split('/')
  const dataset = await findDataset(hub.database, namespace, own)
  const isAllowed = dataset && (await decide(hub, viewer, dataset, 'release')).isAllowed
  const found = isAllowed
    ? (await tablesAt(hub, dataset, revision)).find((table) => table.name.toLowerCase() === path.toLowerCase())
    : undefined
  if (!found)
    throw new HubError(
      404,
      'TableNotFound',
      `There is no table "${name.slice(0, 200)}" that you may read. Tables are named "namespace/name".`,
    )
  return { ...found, name }
}

/** Where the files of a table lie on this machine. */
export function tablePaths(hub: Hub, { splits }: Table): Promise<string[]> {
  return Promise.all(splits.flatMap(({ files }) => files.map(({ entry }) => localPath(hub, entry))))
}

async function tablesAt(hub: Hub, dataset: Dataset, revision: string): Promise<Table[]> {
  const commit = await resolveRevision(hub.database, dataset, revision)
  const gone = await findWithdrawals(hub.database, dataset)
  const splits = (await findSplits(hub, dataset, commit)).filter(
    ({ files }) => files.length > 0 && files.every(({ entry }) => !gone.has(entry.sha256)),
  )
  const [first] = splits
  if (!first) return []
  const whole = { name: dataset.fullName, dataset, commit, splits: splits.filter(({ config }) => config === first.config) }
  if (splits.length === 1) return [whole]
  return [
    whole,
    ...splits.map((split) => ({ name: `${dataset.fullName}/${split.config}/${split.split}`, dataset, commit, splits: [split] })),
  ]
}

const Value = z.object({ _type: z.literal('Value'), dtype: z.string() })
const List = z.object({ _type: z.literal('List'), feature: z.unknown() })
const types: Record<string, string> = {
  string: 'VARCHAR',
  int32: 'INTEGER',
  int64: 'BIGINT',
  float32: 'FLOAT',
  float64: 'DOUBLE',
  bool: 'BOOLEAN',
  binary: 'BLOB',
  'timestamp[ms]': 'TIMESTAMP',
}

/** A column's type in SQL's words, from the dataset-viewer API's. */
export function sqlType(type: unknown): string {
  const value = Value.safeParse(type)
  if (value.success) return types[value.data.dtype] ?? value.data.dtype.toUpperCase()
  const list = List.safeParse(type)
  if (list.success) return `${sqlType(list.data.feature)}[]`
  const struct = z.record(z.string(), z.unknown()).safeParse(type)
  return struct.success
    ? `STRUCT(${Object.entries(struct.data)
        .map(([name, inner]) => `"${name}" ${sqlType(inner)}`)
        .join(', ')})`
    : 'VARCHAR'
}
