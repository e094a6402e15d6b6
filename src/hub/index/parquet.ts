import { closeSync, openSync } from 'node:fs'
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects, parquetSchema, type SchemaTree } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { HubError } from '../errors.ts'
import { readAt } from './bytes.ts'
import type { JsonRow } from './fields.ts'

/** A Parquet file on this machine. */
export interface LocalFile {
  path: string
  sizeBytes: number
}

/** A column as the dataset-viewer API describes it. */
export interface Feature {
  feature_idx: number
  name: string
  type: unknown
}

/** What the footers of a split's files say. `memoryBytes`: its size when decompressed. */
export interface SplitFacts {
  rows: number
  memoryBytes: number
  features: Feature[]
}

/** Rows of several files from `offset` on, as JSON of a page's rows; for a split that has no index yet. Read in a thread, never where requests are answered. */
export async function readParquetRows({ files, offset, length }: { files: LocalFile[]; offset: number; length: number }): Promise<{
  rows: Uint8Array<ArrayBuffer>
  count: number
  isCut: boolean
}> {
  const rows: JsonRow[] = []
  let before = 0
  for (const file of files) {
    await withFile(file, async (buffer) => {
      const metadata = await readFooter(buffer)
      const count = rowsIn(metadata)
      const rowStart = Math.max(0, offset - before)
      const rowEnd = Math.min(count, offset + length - before)
      before += count
      if (rowStart >= rowEnd) return
      const found = await parquetReadObjects({ file: buffer, metadata, compressors, rowStart, rowEnd, useOffsetIndex: true })
      rows.push(...found.map(toJsonRow))
    })
  }
  const text = JSON.stringify(rows.map((row, index) => ({ row_idx: offset + index, row, truncated_cells: [] })))
  return { rows: new TextEncoder().encode(text), count: rows.length, isCut: false }
}

/** Reads the footers of a split's files. */
export async function readFacts({ files }: { files: LocalFile[] }): Promise<SplitFacts> {
  const facts: SplitFacts = { rows: 0, memoryBytes: 0, features: [] }
  for (const [number, file] of files.entries()) {
    await withFile(file, async (buffer) => {
      const metadata = await readFooter(buffer)
      facts.rows += rowsIn(metadata)
      facts.memoryBytes += metadata.row_groups.reduce((sum, group) => sum + Number(group.total_byte_size), 0)
      if (number > 0) return
      const { children } = parquetSchema(metadata)
      facts.features = children.map((child, index) => ({ feature_idx: index, name: child.element.name, type: featureType(child) }))
    })
  }
  return facts
}

/** @throws HubError 500 `DamagedFile` where the file is not what its name says. */
export async function withFile(file: LocalFile, work: (buffer: AsyncBuffer) => Promise<void>): Promise<void> {
  const handle = openSync(file.path, 'r')
  try {
    await work({
      byteLength: file.sizeBytes,
      slice(start, end = file.sizeBytes) {
        const from = start < 0 ? file.sizeBytes + start : start
        return readAt(handle, Math.max(0, from), Math.min(end, file.sizeBytes)).buffer
      },
    })
  } catch {
    const message = 'A Parquet file of this split cannot be read: it is damaged, or not what its name says. It can still be downloaded.'
    throw new HubError(500, 'DamagedFile', message)
  } finally {
    closeSync(handle)
  }
}

/** A footer that agrees with itself: it may say anything, and what the row groups hold is what counts. */
export async function readFooter(file: AsyncBuffer): Promise<FileMetaData> {
  const metadata = await parquetMetadataAsync(file)
  if (rowsIn(metadata) !== Number(metadata.num_rows) || metadata.row_groups.some((group) => group.num_rows < 0n))
    throw new Error('the footer and the row groups disagree about the number of rows')
  return metadata
}

const rowsIn = ({ row_groups }: FileMetaData): number => row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0)

/** A row of Parquet as JSON carries it: int64 as numbers where they are exact, times as ISO 8601, bytes as base64. */
function toJsonRow(row: Readonly<Record<string, unknown>>): JsonRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, jsonValue(value)]))
}

/** A value as JSON carries it. */
export function jsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(jsonValue)
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
