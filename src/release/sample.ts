import { join } from 'node:path'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import type { DataFile } from './data.ts'

/** The row at a position of the release, as JSON can show it: 64-bit integers as numbers, dates as ISO 8601, and no user: a card may be public. */
export async function readSample(folder: string, files: readonly DataFile[], position: number): Promise<Record<string, unknown> | null> {
  let first = 0
  for (const { path, rows } of files) {
    if (position < first + rows) {
      const file = await asyncBufferFromFile(join(folder, path))
      const [row] = await parquetReadObjects({ file, compressors, rowStart: position - first, rowEnd: position - first + 1 })
      if (!row) return null
      if ('user' in row) row.user = '…'
      return plain(row) as Record<string, unknown>
    }
    first += rows
  }
  return null
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
  return value
}
