import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects, parquetSchema, type SchemaTree } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { contentName } from '../../storage/blobs.ts'
import type { FileEntry } from '../datasets/git.ts'
import type { Hub } from '../hub.ts'
import type { Split } from './layout.ts'

/** A row with values that JSON can carry. */
export type JsonRow = Record<string, unknown>

/** A column as the dataset-viewer API describes it. */
export interface Feature {
  feature_idx: number
  name: string
  type: unknown
}

const footers = new Map<string, FileMetaData>()
const KEPT = 300

/** A stored Parquet file for random reads. */
export function parquetBuffer(hub: Hub, file: Pick<FileEntry, 'sha256' | 'sizeBytes'>): AsyncBuffer {
  return {
    byteLength: file.sizeBytes,
    async slice(start, end = file.sizeBytes) {
      const from = start < 0 ? file.sizeBytes + start : start
      const chunks: Uint8Array[] = []
      for await (const chunk of hub.blobs.read(contentName(file.sha256), from, end)) chunks.push(chunk)
      const bytes = Buffer.concat(chunks)
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
    },
  }
}

/** The footer of a stored Parquet file; the last 300 are kept. */
export async function readFooter(hub: Hub, file: FileEntry): Promise<FileMetaData> {
  const known = footers.get(file.sha256)
  if (known) return known
  const metadata = await parquetMetadataAsync(parquetBuffer(hub, file))
  if (footers.size >= KEPT) for (const first of footers.keys()) if (footers.delete(first)) break
  footers.set(file.sha256, metadata)
  return metadata
}

/** Number of rows of a split. */
export async function countRows(hub: Hub, split: Split): Promise<number> {
  let rows = 0
  for (const { entry } of split.files) rows += Number((await readFooter(hub, entry)).num_rows)
  return rows
}

/** Rows of a split from `offset` on, at most `length` of them, whichever files they lie in. Only the pages that hold them are read. */
export async function readRows(hub: Hub, split: Split, offset: number, length: number): Promise<JsonRow[]> {
  const rows: JsonRow[] = []
  let before = 0
  for (const { entry } of split.files) {
    const metadata = await readFooter(hub, entry)
    const count = Number(metadata.num_rows)
    const rowStart = Math.max(0, offset - before)
    const rowEnd = Math.min(count, offset + length - before)
    before += count
    if (rowStart >= rowEnd) continue
    const found = await parquetReadObjects({
      file: parquetBuffer(hub, entry),
      metadata,
      compressors,
      rowStart,
      rowEnd,
      useOffsetIndex: true,
    })
    rows.push(...found.map(toJsonRow))
  }
  return rows
}

/** Columns of a split, from its first file's schema. */
export async function readFeatures(hub: Hub, split: Split): Promise<Feature[]> {
  const [first] = split.files
  if (!first) return []
  const { children } = parquetSchema(await readFooter(hub, first.entry))
  return children.map((child, index) => ({ feature_idx: index, name: child.element.name, type: featureType(child) }))
}

/** A row of Parquet as JSON carries it: int64 as numbers where they are exact, times as ISO 8601, bytes as base64. */
export function toJsonRow(row: Readonly<Record<string, unknown>>): JsonRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toJson(value)]))
}

function toJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(toJson)
  if (typeof value === 'object' && value !== null) return toJsonRow(Object.fromEntries(Object.entries(value)))
  return value
}

const dtypes: Record<string, string> = {
  INT32: 'int32',
  INT64: 'int64',
  FLOAT: 'float32',
  DOUBLE: 'float64',
  BOOLEAN: 'bool',
  BYTE_ARRAY: 'string',
}

function featureType(node: SchemaTree): unknown {
  const { element, children } = node
  const [inner] = children
  if (element.logical_type?.type === 'LIST' || element.converted_type === 'LIST') {
    const item = inner?.children[0]
    return { _type: 'List', feature: item ? featureType(item) : { _type: 'Value', dtype: 'null' } }
  }
  if (children.length > 0) return Object.fromEntries(children.map((child) => [child.element.name, featureType(child)]))
  if (element.logical_type?.type === 'TIMESTAMP' || element.converted_type?.startsWith('TIMESTAMP'))
    return { _type: 'Value', dtype: 'timestamp[ms]' }
  const isBytes = element.type === 'BYTE_ARRAY' && element.logical_type?.type !== 'STRING' && element.converted_type !== 'UTF8'
  return { _type: 'Value', dtype: isBytes ? 'binary' : (dtypes[element.type ?? ''] ?? 'string') }
}
