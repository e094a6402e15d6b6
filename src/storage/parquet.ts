import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetReadObjects,
  type SchemaElement,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { compressSnappy } from './snappy.ts'
import { loadZstd } from './zstd.ts'

/** Type of a Parquet column. `timestamp` holds JavaScript dates (milliseconds, UTC); `int64` holds bigint; all columns may hold null. */
export type ColumnType =
  | 'string'
  | 'int32'
  | 'int64'
  | 'double'
  | 'boolean'
  | 'timestamp'
  | { list: ColumnType }
  | { struct: readonly Column[] }

/** A named, typed column, or a field of a struct column. */
export interface Column {
  name: string
  type: ColumnType
}

/** One record of a Parquet file by column name. */
export type Row = Record<string, unknown>

/** How a Parquet file is laid out. */
export interface ParquetLayout {
  /** Rows a row group (1–100,000). */
  rowGroupRows: number
  codec: 'ZSTD' | 'SNAPPY'
  metadata?: Record<string, string>
}

/** Layout of work files: read whole, row group by row group. */
export const workLayout: ParquetLayout = { rowGroupRows: 2000, codec: 'SNAPPY' }

/** A Parquet file in the making. It gets its name only when closed; until then it is `<path>.part`. */
export interface ParquetFile {
  /** Takes rows in order; they reach the disk a row group at a time. */
  write(rows: readonly Row[]): void
  /** Bytes on disk so far, without rows that wait for their row group. */
  sizeBytes(): number
  /** Ends the file, syncs it and gives it its name. */
  close(): { rows: number; sizeBytes: number }
  /** Removes the unfinished file. */
  abandon(): void
}

/** Opens a Parquet file for writing: typed columns, page indexes, statistics, bytes that depend on rows and layout alone. */
export async function createParquet(path: string, columns: readonly Column[], layout: ParquetLayout = workLayout): Promise<ParquetFile> {
  const part = `${path}.part`
  const file = openSync(part, 'w')
  let written = 0
  const buffer = new ByteWriter()
  const flush = () => {
    const bytes = buffer.getBytes()
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    written += bytes.length
    // The writer counts `offset` from the file's start; only its buffer begins anew.
    buffer.index = 0
  }
  const writer = new ParquetWriter({
    writer: Object.assign(buffer, { flush, finish: flush }),
    schema: toSchema(columns),
    codec: layout.codec,
    compressors: layout.codec === 'ZSTD' ? { ZSTD: await loadZstd() } : { SNAPPY: compressSnappy },
    createdBy: 'colloquy',
    ...(layout.metadata ? { kvMetadata: Object.entries(layout.metadata).map(([key, value]) => ({ key, value })) } : {}),
  })
  let waiting: Row[] = []
  let rows = 0
  const writeGroup = (group: readonly Row[]) => {
    const columnData = columns.map(({ name, type }) => ({
      name,
      data: group.map((row) => row[name] ?? null),
      columnIndex: typeof type === 'string',
      offsetIndex: true,
    }))
    writer.write({ columnData, rowGroupSize: layout.rowGroupRows })
    rows += group.length
  }
  return {
    write(more) {
      for (const row of more) {
        waiting.push(row)
        if (waiting.length < layout.rowGroupRows) continue
        writeGroup(waiting)
        waiting = []
      }
    },
    sizeBytes: () => written,
    close() {
      if (waiting.length > 0) writeGroup(waiting)
      writer.finish()
      fsyncSync(file)
      closeSync(file)
      renameSync(part, path)
      return { rows, sizeBytes: written }
    },
    abandon() {
      closeSync(file)
      rmSync(part, { force: true })
    },
  }
}

/** Writes rows that are in memory as one finished Parquet file. */
export async function writeParquet(
  path: string,
  columns: readonly Column[],
  rows: readonly Row[],
  layout: ParquetLayout = workLayout,
): Promise<void> {
  const file = await createParquet(path, columns, layout)
  file.write(rows)
  file.close()
}

/** Reads a Parquet file a row group at a time, whole rows or the named columns only. */
export async function* readParquet(path: string, columns?: readonly string[]): AsyncIterable<Row[]> {
  const file = await asyncBufferFromFile(path)
  const metadata = await parquetMetadataAsync(file)
  let rowStart = 0
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows)
    yield await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd, ...(columns ? { columns: [...columns] } : {}) })
    rowStart = rowEnd
  }
}

/**
 * One column of strings, at any depth, a row group at a time: for each row its strings in order, as UTF-8. Nulls and empty lists have none. `path` names the
 * column's levels in the schema, as `['texts', 'list', 'element', 'id']`. Nothing else is read, and no rows are put together: a quarter of the time of `readParquet`.
 */
export async function* readBytes(path: string, levels: readonly string[]): AsyncIterable<Uint8Array[][]> {
  const file = await asyncBufferFromFile(path)
  const whole = await parquetMetadataAsync(file)
  const isWanted = (names: readonly string[] | undefined) => names?.join('/') === levels.join('/')
  const metadata: FileMetaData = {
    ...whole,
    row_groups: whole.row_groups.map((group) => ({
      ...group,
      columns: group.columns.filter(({ meta_data }) => isWanted(meta_data?.path_in_schema)),
    })),
  }
  let rowStart = 0
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows)
    const rows: Uint8Array[][] = []
    await parquetRead({
      file,
      metadata,
      compressors,
      rowStart,
      rowEnd,
      parsers: { stringFromBytes: (bytes) => bytes },
      onPage: ({ columnData }) => {
        for (const row of columnData) rows.push(collectBytes(row, []))
      },
    })
    yield rows
    rowStart = rowEnd
  }
}

function collectBytes(value: unknown, into: Uint8Array[]): Uint8Array[] {
  if (value instanceof Uint8Array) into.push(value)
  else if (Array.isArray(value)) for (const inner of value) collectBytes(inner, into)
  return into
}

/** A Parquet file's footer: schema, row groups, number of rows. */
export async function readParquetMetadata(path: string): Promise<FileMetaData> {
  return parquetMetadataAsync(await asyncBufferFromFile(path))
}

const primitives = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  timestamp: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
} as const satisfies Record<string, Partial<SchemaElement>>

/** Columns as the flat schema that a Parquet footer holds: the root, then every column with its inner levels. */
export function toSchema(columns: readonly Column[]): SchemaElement[] {
  return [{ name: 'schema', num_children: columns.length }, ...columns.flatMap(({ name, type }) => toElements(name, type))]
}

/** Lists in the three-level form that Arrow, Spark and DuckDB write. @see https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists */
function toElements(name: string, type: ColumnType): SchemaElement[] {
  if (typeof type === 'string') return [{ name, repetition_type: 'OPTIONAL', ...primitives[type] }]
  if ('list' in type) {
    return [
      { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...toElements('element', type.list),
    ]
  }
  return [
    { name, repetition_type: 'OPTIONAL', num_children: type.struct.length },
    ...type.struct.flatMap((field) => toElements(field.name, field.type)),
  ]
}
