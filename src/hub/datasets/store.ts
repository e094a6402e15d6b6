import { z } from 'zod'
import type { Queries } from '../../storage/database.ts'

/** How a dataset's files are guarded: open to all, granted on asking, or granted by a person. */
export type Gated = 'false' | 'auto' | 'manual'

/** A dataset; `fullName` is `namespace/name`. */
export interface Dataset {
  id: string
  namespace: string
  name: string
  fullName: string
  isPrivate: boolean
  gated: Gated
  settings: DatasetSettings
  downloads: number
  createdAt: Date
  updatedAt: Date
  /** Rises with every change of its branches, tags and withdrawals. */
  generation: number
}

/** What its owners may choose beside the gate. */
export const DatasetSettings = z.object({
  /** Days after which a grant ends; without it, grants hold until revoked. */
  grantDays: z.int().min(1).max(3650).optional(),
  /** Rows that strangers may see: indexes into the first split of `sampleRevision`. */
  sampleRows: z.array(z.int().min(0)).max(100).default([]),
  /** The revision that the rows were picked from: in another one the same numbers are other rows, which nobody picked. */
  sampleRevision: z.string().optional(),
  /** Address that access requests are reported to. */
  notifyUrl: z.url().max(2000).optional(),
  notifyEmail: z.email().optional(),
})
/** A dataset's settings, parsed. */
export type DatasetSettings = z.infer<typeof DatasetSettings>

/** Reads a row of `datasets`. */
export const DatasetRow: z.ZodType<Dataset> = z
  .object({
    id: z.string(),
    namespace: z.string(),
    name: z.string(),
    visibility: z.enum(['public', 'private']),
    gated: z.enum(['false', 'auto', 'manual']),
    settings: DatasetSettings,
    downloads: z.number(),
    created_at: z.coerce.date(),
    updated_at: z.coerce.date(),
    generation: z.number(),
  })
  .transform((row) => ({
    id: row.id,
    namespace: row.namespace,
    name: row.name,
    fullName: `${row.namespace}/${row.name}`,
    isPrivate: row.visibility === 'private',
    gated: row.gated,
    settings: row.settings,
    downloads: row.downloads,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    generation: row.generation,
  }))

/** The dataset of a name, whatever its case. */
export async function findDataset(queries: Queries, namespace: string, name: string): Promise<Dataset | undefined> {
  const sql = 'select * from datasets where lower(namespace) = lower($1) and lower(name) = lower($2)'
  return (await queries.select(DatasetRow, sql, [namespace, name]))[0]
}

/** The dataset that used to have a name. */
export async function findRenamed(queries: Queries, namespace: string, name: string): Promise<Dataset | undefined> {
  const sql =
    'select datasets.* from renames join datasets on datasets.id = renames.dataset_id where renames.namespace = $1 and renames.name = $2'
  return (await queries.select(DatasetRow, sql, [namespace, name]))[0]
}
