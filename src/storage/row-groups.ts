import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import type { ColumnChunk, RowGroup } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { writeMetadata } from 'hyparquet-writer/src/metadata.js'
import type { PageIndexes } from 'hyparquet-writer/src/types.js'
import { writePageIndexes } from './page-index.ts'
import { type Column, type ParquetLayout, type Row, toSchema } from './parquet.ts'
import { loadZstd } from './zstd.ts'

/** One encoded row group, apart from any file: its bytes, and what a footer says of it with offsets that count from its own start. */
export interface RowGroupPart {
  rows: number
  bytes: Uint8Array
  /** Survives structured cloning; only addRowGroup needs to understand it. */
  footer: RowGroupFooter
}

/** Footer entry and page indexes of a row group. */
export interface RowGroupFooter {
  rowGroup: RowGroup
  indexes: PageIndexes[]
}

/** Bytes before compression after which a page ends: about 100 conversations, so that a viewer's page of rows needs few of them. */
const pageSizeBytes = 256 * 1024

/**
 * Gives an encoder of single row groups, so that many threads can work on one file. Bytes depend on the rows alone.
 * The bytes that it returns are a view that the next call overwrites.
 */
export async function openRowGroupEncoder(
  columns: readonly Column[],
  codec: ParquetLayout['codec'],
): Promise<(rows: readonly Row[]) => RowGroupPart> {
  const schema = toSchema(columns)
  const compressors = codec === 'ZSTD' ? { ZSTD: await loadZstd() } : {}
  let capacity = 1 << 20
  return (rows) => {
    const writer = new ByteWriter(capacity)
    const parquet = new ParquetWriter({ writer, schema, codec, compressors })
    const start = writer.offset
    parquet.write({
      columnData: columns.map(({ name, type }) => ({
        name,
        data: rows.map((row) => row[name] ?? null),
        columnIndex: typeof type === 'string',
        offsetIndex: true,
        // Bounds of values inside lists help no reader, and would put message text into the footer.
        statistics: typeof type === 'string',
      })),
      rowGroupSize: Math.max(rows.length, 1),
      pageSize: pageSizeBytes,
    })
    capacity = Math.max(capacity, writer.buffer.byteLength)
    const [rowGroup] = parquet.row_groups
    if (!rowGroup) throw new RangeError('A row group needs at least one row.')
    const footer = { rowGroup, indexes: parquet.pendingIndexes }
    shift(footer, -start)
    return { rows: rows.length, bytes: writer.getBytes().subarray(start), footer }
  }
}

/** A Parquet file put together from encoded row groups. */
export interface ParquetAssembly {
  add(footer: RowGroupFooter, bytes: Uint8Array): void
  /** Bytes so far, without page indexes and footer. */
  sizeBytes(): number
  /** Writes page indexes and footer, syncs and closes the file. */
  close(): { rows: number; sizeBytes: number; sha256: string }
  abandon(): void
}

/** Opens a file for row groups of one schema; it has the name that it is given from the start, so give it one that nobody reads yet. */
export function createAssembly(path: string, columns: readonly Column[], metadata: Readonly<Record<string, string>>): ParquetAssembly {
  const file = openSync(path, 'w')
  const hash = createHash('sha256')
  const rowGroups: RowGroup[] = []
  const indexes: PageIndexes[] = []
  let offset = 0
  const append = (bytes: Uint8Array) => {
    hash.update(bytes)
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    offset += bytes.length
  }
  append(Buffer.from('PAR1'))
  return {
    add(footer, bytes) {
      shift(footer, offset)
      rowGroups.push(footer.rowGroup)
      indexes.push(...footer.indexes)
      append(bytes)
    },
    sizeBytes: () => offset,
    close() {
      const writer = new ByteWriter(1 << 16)
      writer.offset = offset
      writePageIndexes(writer, indexes)
      const rows = rowGroups.reduce((sum, group) => sum + group.num_rows, 0n)
      const keys = Object.entries(metadata).map(([key, value]) => ({ key, value }))
      writeMetadata(writer, {
        version: 2,
        created_by: 'colloquy',
        schema: toSchema(columns),
        num_rows: rows,
        row_groups: rowGroups,
        key_value_metadata: keys,
        metadata_length: 0,
      })
      append(writer.getBytes())
      append(Buffer.from('PAR1'))
      fsyncSync(file)
      closeSync(file)
      return { rows: Number(rows), sizeBytes: offset, sha256: hash.digest('hex') }
    },
    abandon: () => closeSync(file),
  }
}

/** Moves every file offset of a row group by `distance` bytes. The chunks in `indexes` are the ones in `rowGroup`, or copies of them. */
function shift({ rowGroup, indexes }: RowGroupFooter, distance: number): void {
  const chunks = new Set<ColumnChunk>([...rowGroup.columns, ...indexes.map(({ chunk }) => chunk)])
  const by = BigInt(distance)
  for (const chunk of chunks) {
    chunk.file_offset += by
    const meta = chunk.meta_data
    if (!meta) continue
    meta.data_page_offset += by
    if (meta.dictionary_page_offset !== undefined) meta.dictionary_page_offset += by
  }
  for (const { offsetIndex } of indexes) {
    for (const page of offsetIndex?.page_locations ?? []) page.offset += by
  }
}
