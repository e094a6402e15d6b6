import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import type { JsonObject } from './entry.ts'

/** A run of row groups of a Parquet file: one unit of work. */
export interface RowRange {
  firstGroup: number
  endGroup: number
  firstRow: number
  rows: number
}

/** Row groups of about this many bytes, unpacked, make a unit. */
const unitBytes = 32 * 1024 * 1024

/** The file's row groups in runs of about 32 MiB; one row group is the least. */
export async function rowRanges(path: string): Promise<RowRange[]> {
  const { row_groups } = await parquetMetadataAsync(await asyncBufferFromFile(path))
  const ranges: RowRange[] = []
  let current: RowRange | undefined
  let bytes = 0
  let firstRow = 0
  for (const [index, group] of row_groups.entries()) {
    if (!current || bytes >= unitBytes) {
      current = { firstGroup: index, endGroup: index, firstRow, rows: 0 }
      ranges.push(current)
      bytes = 0
    }
    current.endGroup = index + 1
    current.rows += Number(group.num_rows)
    bytes += Number(group.total_byte_size)
    firstRow += Number(group.num_rows)
  }
  return ranges
}

/** The rows of one run, a row group at a time; a group that cannot be read gives its number of rows and nothing else. */
export async function* readRows(path: string, range: RowRange): AsyncIterable<{ rows: JsonObject[] } | { unreadable: number }> {
  const file = await asyncBufferFromFile(path)
  const metadata = await parquetMetadataAsync(file)
  let rowStart = range.firstRow
  for (const group of metadata.row_groups.slice(range.firstGroup, range.endGroup)) {
    const rowEnd = rowStart + Number(group.num_rows)
    yield await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd }).then(
      (rows) => ({ rows }),
      () => ({ unreadable: Number(group.num_rows) }),
    )
    rowStart = rowEnd
  }
}

/** The first rows, for telling the file's form. */
export async function firstRows(path: string, count: number): Promise<JsonObject[]> {
  const file = await asyncBufferFromFile(path)
  return parquetReadObjects({ file, compressors, rowStart: 0, rowEnd: count })
}
