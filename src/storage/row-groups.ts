import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import type { ColumnChunk, FileMetaData, RowGroup, SchemaTree } from 'hyparquet'
import { parquetSchema } from 'hyparquet/src/metadata.js'
import { ByteWriter } from 'hyparquet-writer'
import { writeColumn } from 'hyparquet-writer/src/column.js'
import { encodeNestedValues } from 'hyparquet-writer/src/dremel.js'
import { writeMetadata } from 'hyparquet-writer/src/metadata.js'
import { snappyCompress } from 'hyparquet-writer/src/snappy.js'
import type { PageData, PageIndexes } from 'hyparquet-writer/src/types.js'
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

/** A leaf column's values with their levels; null at places below the highest definition level. */
export type LeafData = PageData

/** Gives a column's leaves, in schema order, for some rows: for columns whose values are not kept as lists and structs. */
export type Shred = (rows: readonly Row[]) => LeafData[]

/**
 * Gives an encoder of single row groups, so that many threads can work on one file. Bytes depend on the rows alone. `shredders` take the place of the
 * general way from values to leaves for the columns that they name. The bytes that the encoder returns are a view that the next call overwrites.
 */
export async function openRowGroupEncoder(
  columns: readonly Column[],
  codec: ParquetLayout['codec'],
  shredders: Readonly<Record<string, Shred>> = {},
): Promise<(rows: readonly Row[]) => RowGroupPart> {
  const tree = treeOf(columns)
  const compressors = codec === 'ZSTD' ? { ZSTD: await loadZstd() } : { SNAPPY: snappyCompress }
  let writer = new ByteWriter(1 << 20)
  return (rows) => {
    writer.index = 0
    writer.offset = 0
    const indexes: PageIndexes[] = []
    for (const [at, { name }] of columns.entries()) {
      const leaves = leafPaths([tree, ...tree.children.slice(at, at + 1)])
      const shredded = shredders[name]?.(rows)
      const values = shredded ? [] : rows.map((row) => row[name] ?? null)
      for (const [leaf, path] of leaves.entries()) {
        const element = path.at(-1)?.element
        if (!element) continue
        const isFlat = path.length === 2
        indexes.push(
          writeColumn({
            writer,
            pageData: shredded?.[leaf] ?? encodeNestedValues(path, values),
            column: {
              columnName: path
                .slice(1)
                .map((node) => node.element.name)
                .join('.'),
              element,
              schemaPath: path.map((node) => node.element),
              codec,
              compressors,
              // Bounds of values inside lists help no reader, and would put message text into the footer.
              stats: isFlat,
              columnIndex: isFlat,
              offsetIndex: true,
              pageSize: pageSizeBytes,
            },
          }),
        )
      }
    }
    const chunks = indexes.map(({ chunk }) => chunk)
    const rowGroup: RowGroup = {
      columns: chunks,
      total_byte_size: chunks.reduce((sum, { meta_data }) => sum + (meta_data?.total_uncompressed_size ?? 0n), 0n),
      num_rows: BigInt(rows.length),
      total_compressed_size: BigInt(writer.offset),
    }
    const bytes = writer.getBytes()
    // A row group far larger than others must not keep its buffer.
    if (writer.buffer.byteLength > 64 << 20) writer = new ByteWriter(1 << 20)
    return { rows: rows.length, bytes, footer: { rowGroup, indexes } }
  }
}

function treeOf(columns: readonly Column[]): SchemaTree {
  const metadata: FileMetaData = { version: 2, schema: toSchema(columns), num_rows: 0n, row_groups: [], metadata_length: 0 }
  return parquetSchema(metadata)
}

function leafPaths(path: readonly SchemaTree[]): SchemaTree[][] {
  const children = path.at(-1)?.children ?? []
  return children.length === 0 ? [[...path]] : children.flatMap((child) => leafPaths([...path, child]))
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
